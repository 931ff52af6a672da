import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, it } from 'vitest'
import { type FollowedRequest, followRequest } from '../src/backstage/followed-request.ts'
import { journeyCookie, newJourney } from '../src/backstage/journey-cookie.ts'
import type { Report } from '../src/backstage/step.ts'

const event: Report = { kind: 'event', at: 1, framework: 'Nest', type: 'sign_in.succeeded' }

function follow(path: string, cookie?: string) {
  const sent: (readonly [journey: string, report: Report])[] = []
  const followed = new AsyncLocalStorage<FollowedRequest>()
  const send = async (journey: string, report: Report): Promise<void> => void sent.push([journey, report])
  return { request: followRequest({ path, cookie }, { followed, framework: 'Nest', send }), followed, sent }
}

const cookieOf = (journey: string): string => journeyCookie(journey).split(';', 1)[0] ?? ''

it('gives a browser its journey when it first goes to a system', async () => {
  const { request, followed, sent } = follow('/auth/wink/login?return_url=%2F')
  await request.run(() => followed.getStore()?.tell(event))
  await request.flush()
  const [journey = ''] = sent[0] ?? []
  expect(request.setCookie).toBe(journeyCookie(journey))
  expect(sent).toEqual([
    [journey, { kind: 'redirect', system: 'wink' }],
    [journey, event],
  ])
})

it.each(['/', '/api/me', '/auth/wink/callback?code=c', '/auth/session'])(
  'drops what happens at %s in a browser without a journey',
  async (path) => {
    const { request, sent } = follow(path)
    request.tell(event)
    await request.flush()
    expect([sent, request.setCookie]).toEqual([[], null])
  },
)

it('keeps the journey of a browser that has one', () => {
  const journey = newJourney()
  const { request, sent } = follow('/auth/wink/login', `other=1; ${cookieOf(journey)}`)
  expect(request.setCookie).toBe(null)
  expect(sent).toEqual([[journey, { kind: 'redirect', system: 'wink' }]])
})

it.each([
  ['/auth/wink/session?x=1', 'POST', { kind: 'redirect', system: 'wink' }],
  ['/auth/wink/silent-check-sso.html', 'GET', { kind: 'redirect', system: 'wink' }],
  ['/auth/wink/token', 'POST', { kind: 'return', system: 'wink' }],
] as const)('at %s tells that a script of a page asked', (path, method, move) => {
  const { sent } = follow(path, cookieOf(newJourney()))
  const asked = { kind: 'script', framework: 'Nest', method, path: path.replace('?x=1', '') }
  expect(sent.map(([, report]) => report)).toEqual([move, asked])
})

it.each([
  ['/auth/wristband/callback', 'return', ['wristband']],
  ['/auth/wink/cancel?state=s', 'return', ['wink']],
  ['/auth/wise/launch', 'redirect', ['wise']],
  ['/auth/logout', 'redirect', ['wristband', 'wink']],
  ['/auth/logout/next', 'return', ['wristband']],
  ['/?tab=1', 'return', ['wristband', 'wink', 'wise']],
  ['/auth/wink/callbacks', 'return', []],
  ['/constructor', 'return', []],
  ['/elsewhere?next=/auth/wink/callback', 'return', []],
])('at %s tells a %s of %j', (path, kind, systems) => {
  const { sent } = follow(path, cookieOf(newJourney()))
  expect(sent.map(([, report]) => report)).toEqual(systems.map((system) => ({ kind, system })))
})
