import { expect, it } from 'vitest'
import { startDeadline } from '../src/model/time.ts'
import type { RouteContext } from '../src/provider.ts'
import { acme } from './acme-provider.ts'
import { createApp } from './app.ts'

// V8 keeps an accessor that a literal is written with until its next full collection, and with it all that it closes over:
// each smaller collection in between copies the whole request.

/** The accessors that an object has by itself. */
function accessorsOf(object: object): Readonly<Record<string, unknown>> {
  const members = Object.entries(Object.getOwnPropertyDescriptors(object))
  return Object.fromEntries(members.flatMap(([name, { get }]) => (get === undefined ? [] : [[name, get]])))
}

it('gives a route no accessor that was made for one request', async () => {
  const given: RouteContext[] = []
  const provider = acme('acme')
  const { browser: open } = createApp({
    providers: [
      {
        ...provider,
        mount(host) {
          const mounted = provider.mount(host)
          const routes = mounted.routes.map((route) => ({
            ...route,
            handle(request: Request, context: RouteContext) {
              given.push(context)
              return route.handle(request, context)
            },
          }))
          return { ...mounted, routes }
        },
      },
    ],
  })
  await open().begin()
  await open().begin()
  const [one, other] = given.map(accessorsOf)
  expect(one?.session).toBeTypeOf('function')
  expect(one?.session).toBe(other?.session)
  expect(Object.keys(one ?? {})).toEqual(['session'])
  expect({ ...given[0] }).toMatchObject({ session: null })
})

it('has no accessor that was made for one deadline', () => {
  const deadline = startDeadline(1, () => new Error('late'))
  expect(deadline.signal.aborted).toBe(false)
  expect(accessorsOf(deadline)).toEqual({})
})
