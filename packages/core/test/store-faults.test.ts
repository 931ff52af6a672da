import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMemoryStore, type Store } from '../src/index.ts'
import { codeOf, createApp, exampleSecret, usersOf } from './app.ts'

/** A store of which each method does this. */
function storeThat(fault: () => Promise<never>): Store {
  return { get: fault, set: fault, add: fault, replace: fault, remove: fault }
}

function appOn(store: Store): ReturnType<typeof createApp> {
  return createApp({ secret: exampleSecret(), store })
}

afterEach(() => void vi.useRealTimers())

describe('a store that fails', () => {
  const faults: readonly (readonly [string, () => Promise<never>])[] = [
    ['rejects', () => Promise.reject(new Error('canary: redis://user:password@host'))],
    [
      'throws',
      () => {
        throw new Error('canary: redis://user:password@host')
      },
    ],
  ]
  it.each(faults)('and %s signs no one in', async (_how, fault) => {
    const { events, browser: open } = appOn(storeThat(fault))
    const browser = open()
    const response = await browser.signIn()
    const text = await response.text()
    expect([response.status, JSON.parse(text)]).toMatchObject([503, { code: 'auth/store_unavailable' }])
    expect(text + JSON.stringify(events)).not.toContain('canary')
    expect(browser.names()).not.toContain('__Host-latchkey')
    expect(await usersOf(browser)).toEqual({})
  })

  it('and hangs is waited for 500 ms, and signs no one in', async () => {
    const browser = appOn(storeThat(() => new Promise(() => {}))).browser()
    const state = await browser.begin()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let answered = false
    const pending = browser.finish(state).finally(() => {
      answered = true
    })
    await vi.advanceTimersByTimeAsync(499)
    expect(answered).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    const response = await pending
    expect([response.status, await codeOf(response)]).toEqual([503, 'auth/store_unavailable'])
    expect(browser.names()).not.toContain('__Host-latchkey')
  })

  it('and answers anything but true lets no transaction pass', async () => {
    for (const answer of [false, undefined, null, 0, '']) {
      const memory = createMemoryStore()
      const add: Store['add'] = async (key, ...rest) =>
        key.startsWith('used:') ? (answer as boolean) : memory.add(key, ...rest)
      const store = { ...memory, add }
      const response = await appOn(store).browser().signIn()
      expect([response.status, await codeOf(response)]).toEqual([400, 'auth/login_replayed'])
    }
  })
})

it('lets a login end well once the store is back, for it was not redeemed', async () => {
  const memory = createMemoryStore()
  let isDown = true
  const store: Store = { ...memory, get: (key) => (isDown ? Promise.reject(new Error('down')) : memory.get(key)) }
  const browser = appOn(store).browser()
  isDown = false
  const state = await browser.begin()
  isDown = true
  expect((await browser.finish(state)).status).toBe(503)
  isDown = false
  expect((await browser.finish(state)).status).toBe(303)
})

it('redeems a transaction once across processes that share a store', async () => {
  const store = createMemoryStore()
  const secret = exampleSecret()
  const processes = [1, 2].map(() => createApp({ secret, store }))
  const [here, there] = processes.map((app) => app.browser())
  if (here === undefined || there === undefined) throw new Error('two processes')
  const state = await here.begin()
  for (const name of here.names()) there.plant(name, here.value(name))
  there.plant('__Host-latchkey-other', 'so that it is not the same request again')
  expect((await here.finish(state)).status).toBe(303)
  expect(await codeOf(await there.finish(state))).toBe('auth/login_replayed')
})
