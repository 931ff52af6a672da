import { describe, expect, it } from 'vitest'
import { contextOf } from '../src/context/auth-context.ts'
import { createMemoryStore, type Store } from '../src/index.ts'
import { unpackRecord } from '../src/session/packed-record.ts'
import { createApp, usersOf } from './app.ts'

const others = [null, 0, 2, 3, 5, '4', [4]]

/** A packed record that says another version. */
function saying(version: unknown, packed: Uint8Array): Uint8Array {
  const start = '[4,'
  expect(Buffer.from(packed).toString()).toMatch(/^\[4,/)
  return Buffer.concat([Buffer.from(`[${JSON.stringify(version)},`), packed.subarray(start.length)])
}

describe('what is sealed in a cookie', () => {
  const scope = { purpose: 'session-4', name: '__Host-latchkey' }

  /** A session whose sealed content is another, or that is sealed as another. */
  async function resealed(
    change: (packed: Uint8Array) => Uint8Array | string,
    purpose = scope.purpose,
  ): Promise<Record<string, string>> {
    const app = createApp()
    const { vault } = contextOf(app.auth) ?? {}
    const browser = app.browser()
    await browser.signIn()
    const packed = (await vault?.opener(scope)(browser.value('__Host-latchkey'))) ?? new Uint8Array()
    browser.plant('__Host-latchkey', (await vault?.seal({ ...scope, purpose }, change(packed))) ?? '')
    return usersOf(browser)
  }

  it('is a session in the version of this release', async () => {
    expect(await resealed((packed) => saying(4, packed))).toEqual({ acme: 'ada' })
  })

  it.each(others)('is none in the version %j', async (version) => {
    expect(await resealed((packed) => saying(version, packed))).toEqual({})
  })

  it.each(['session-3', 'session-4'])('is none as the version before wrote it, sealed as %s', async (purpose) => {
    const before = (packed: Uint8Array): string => JSON.stringify({ ...unpackRecord(packed, 1), version: 3, chunks: 1 })
    expect(await resealed(before, purpose)).toEqual({})
  })

  it.each(['session', 'session-3', 'session-5'])(
    'is none where it is sealed with the key of another version: %s',
    async (purpose) => {
      expect(await resealed((packed) => packed, purpose)).toEqual({})
    },
  )
})

describe('what is sealed in a store', () => {
  const scope = { purpose: 'session-record-4', name: '__Host-latchkey' }

  async function resealed(
    change: (packed: Uint8Array, key: string) => Uint8Array | string,
    purpose = scope.purpose,
  ): Promise<Record<string, string>> {
    const memory = createMemoryStore()
    const app = createApp({ session: { strategy: 'store' }, store: watched(memory) })
    const { vault } = contextOf(app.auth) ?? {}
    const browser = app.browser()
    await browser.signIn()
    const [key = ''] = keys
    const packed = (await vault?.opener(scope)((await memory.get(key)) ?? '')) ?? new Uint8Array()
    await memory.set(key, (await vault?.seal({ ...scope, purpose }, change(packed, key))) ?? '', 600)
    return usersOf(browser)
  }

  let keys: readonly string[] = []
  const watched = (memory: Store): Store => ({
    ...memory,
    add: (key, value, lifetime) => {
      if (key.startsWith('session:')) keys = [key]
      return memory.add(key, value, lifetime)
    },
  })

  it('is a session in the version of this release', async () => {
    expect(await resealed((packed) => saying(4, packed))).toEqual({ acme: 'ada' })
  })

  it.each(others)('is none in the version %j', async (version) => {
    expect(await resealed((packed) => saying(version, packed))).toEqual({})
  })

  it.each(['session-record-3', 'session-record-4'])(
    'is none as the version before wrote it, sealed as %s',
    async (purpose) => {
      const before = (packed: Uint8Array, key: string): string =>
        JSON.stringify({ ...unpackRecord(packed, key), version: 3, key })
      expect(await resealed(before, purpose)).toEqual({})
    },
  )

  it.each(['session-record', 'session-record-3', 'session-record-5'])(
    'is none where it is sealed with the key of another version: %s',
    async (purpose) => {
      expect(await resealed((packed) => packed, purpose)).toEqual({})
    },
  )
})
