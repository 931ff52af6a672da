import { describe, expect, it } from 'vitest'
import { contextOf } from '../src/context/auth-context.ts'
import { createMemoryStore, type Store } from '../src/index.ts'
import { createApp, usersOf } from './app.ts'

const others = [undefined, null, 0, 2, 4, '3', [3]]

describe('what is sealed in a cookie', () => {
  const scope = { purpose: 'session-3', name: '__Host-latchkey' }

  /** A session whose sealed content says another version, or that is sealed as another. */
  async function resealed(version: unknown, purpose = scope.purpose): Promise<Record<string, string>> {
    const app = createApp()
    const { vault } = contextOf(app.auth) ?? {}
    const browser = app.browser()
    await browser.signIn()
    const text = (await vault?.open(scope, browser.value('__Host-latchkey'))) ?? ''
    const content = { ...(JSON.parse(text) as object), version }
    browser.plant('__Host-latchkey', (await vault?.seal({ ...scope, purpose }, JSON.stringify(content))) ?? '')
    return usersOf(browser)
  }

  it('is a session in the version of this release', async () => {
    expect(await resealed(3)).toEqual({ acme: 'ada' })
  })

  it.each(others)('is none in the version %j', async (version) => {
    expect(await resealed(version)).toEqual({})
  })

  it.each(['session', 'session-2', 'session-4'])(
    'is none where it is sealed with the key of another version: %s',
    async (purpose) => {
      expect(await resealed(3, purpose)).toEqual({})
    },
  )
})

describe('what is sealed in a store', () => {
  const scope = { purpose: 'session-record-3', name: '__Host-latchkey' }

  async function resealed(version: unknown, purpose = scope.purpose): Promise<Record<string, string>> {
    const memory = createMemoryStore()
    let change = async (sealed: string | null): Promise<string | null> => sealed
    const store: Store = {
      ...memory,
      get: async (key) => (key.startsWith('session:') ? change(await memory.get(key)) : memory.get(key)),
    }
    const app = createApp({ session: { strategy: 'store' }, store })
    const { vault } = contextOf(app.auth) ?? {}
    const browser = app.browser()
    await browser.signIn()
    change = async (sealed) => {
      const content = JSON.parse((await vault?.open(scope, sealed ?? '')) ?? '{}') as object
      return (await vault?.seal({ ...scope, purpose }, JSON.stringify({ ...content, version }))) ?? null
    }
    return usersOf(browser)
  }

  it('is a session in the version of this release', async () => {
    expect(await resealed(3)).toEqual({ acme: 'ada' })
  })

  it.each(others)('is none in the version %j', async (version) => {
    expect(await resealed(version)).toEqual({})
  })

  it.each(['session-record', 'session-record-2', 'session-record-4'])(
    'is none where it is sealed with the key of another version: %s',
    async (purpose) => {
      expect(await resealed(3, purpose)).toEqual({})
    },
  )
})
