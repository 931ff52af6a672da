import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, it } from 'vitest'
import { type FollowedRequest, followRequest } from '../src/backstage/followed-request.ts'
import { journeyCookie, newJourney } from '../src/backstage/journey-cookie.ts'
import type { Report } from '../src/backstage/step.ts'

const event: Report = { kind: 'event', at: 1, framework: 'Nest', type: 'sign_in.succeeded' }

function follow(path: string, cookie?: string) {
  const sent: (readonly [journey: string, report: Report])[] = []
  const followed = new AsyncLocalStorage<FollowedRequest>()
  const request = followRequest(
    { path, cookie },
    {
      followed,
      systemAt: ({ host }) => (host === 'wink.example' ? 'wink' : null),
      send: async (journey, report) => void sent.push([journey, report]),
    },
  )
  return { request, followed, sent }
}

it('gives a browser its journey when it is first redirected to a system, with what happened before', async () => {
  const { request, followed, sent } = follow('/auth/wink/login')
  request.run(() => followed.getStore()?.tell(event))
  expect(sent).toEqual([])
  const cookie = await request.finish('https://wink.example/login')
  const [journey = ''] = sent[0] ?? []
  expect(cookie).toBe(journeyCookie(journey))
  expect(sent).toEqual([
    [journey, event],
    [journey, { kind: 'redirect', system: 'wink' }],
  ])
})

it.each([null, undefined, '/error?code=core/cross_origin', 'https://app.example/', 'https://elsewhere.example/'])(
  'drops what happened to a browser that has no journey and is sent to %s',
  async (location) => {
    const { request, sent } = follow('/api/me')
    request.tell(event)
    expect(await request.finish(location)).toBe(null)
    expect(sent).toEqual([])
  },
)

it('tells a browser that has a journey at once, and gives it no other', async () => {
  const journey = newJourney()
  const { request, sent } = follow('/auth/wink/callback?code=c', `other=1; ${journeyCookie(journey).split(';', 1)[0]}`)
  request.tell(event)
  expect(sent).toEqual([
    [journey, { kind: 'return', system: 'wink' }],
    [journey, event],
  ])
  expect(await request.finish('https://wink.example/login')).toBe(null)
})

it.each([
  ['/auth/wristband/callback', ['wristband']],
  ['/auth/wink/cancel?state=s', ['wink']],
  ['/auth/logout/next', ['wristband', 'wink']],
  ['/auth/wink/callbacks', []],
  ['/elsewhere?next=/auth/wink/callback', []],
])('at %s the browser has come back from %j', (path, systems) => {
  const { sent } = follow(path, journeyCookie(newJourney()).split(';', 1)[0])
  expect(sent.map(([, report]) => report)).toEqual(systems.map((system) => ({ kind: 'return', system })))
})
