import { expect, it } from 'vitest'
import { createMemoryStore } from '../src/index.ts'
import { createApp, refusalOf } from './app.ts'

it('a store that is down is reported with the operation and a reason, at most once a second', async () => {
  const memory = createMemoryStore()
  let isDown = false
  const store = {
    ...memory,
    get: async (key: string) => {
      if (isDown) throw new Error('canary')
      return memory.get(key)
    },
  }
  const app = createApp({ session: { strategy: 'store' }, store })
  const browser = app.browser()
  await browser.signIn()
  isDown = true
  for (let second = 0; second < 3; second++) {
    for (let request = 0; request < 20; request++) {
      expect(await refusalOf(app.auth.requireSession(browser.request()))).toBe('auth/store_unavailable')
    }
    app.clock.now += 1
  }
  const failed = app.events.filter(({ type }) => type === 'store.failed')
  expect(failed).toHaveLength(3)
  expect(failed[0]).toEqual({
    at: app.clock.now - 3,
    type: 'store.failed',
    code: 'auth/store_unavailable',
    operation: 'get',
    reason: 'failed',
    durationMilliseconds: expect.any(Number),
  })
  expect(JSON.stringify(app.events)).not.toContain('canary')
})

it('an older secret that is in use is reported once a minute', async () => {
  const [older, newer] = ['older', 'newer'].map((name) => `an-example-secret-of-32-bytes-${name}`) as [string, string]
  const before = createApp({ secret: older })
  const app = createApp({ secret: [newer, older], clock: () => before.clock.now })
  const browser = before.browser()
  await browser.signIn()
  for (let request = 0; request < 5; request++) await app.auth.getSession(browser.request(), { readOnly: true })
  before.clock.now += 60
  await app.auth.getSession(browser.request(), { readOnly: true })
  expect(app.events.filter(({ type }) => type === 'secret.outdated')).toHaveLength(2)
})
