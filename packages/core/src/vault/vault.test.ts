import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createMemoryStore } from './memory-store.ts'
import { createVault, type VaultOptions } from './vault.ts'

const exampleSecret = (): string => `an-example-secret-of-32-bytes-${crypto.randomUUID()}`
const scope = { purpose: 'session', name: '__Host-x' }

describe('a vault', () => {
  it('opens what it sealed, and nothing that it did not', async () => {
    const vault = createVault({ secrets: [exampleSecret()] })
    const sealed = await vault.seal(scope, 'text')
    expect(await vault.open(scope, sealed)).toEqual({ text: 'text', outdated: false })
    expect(await createVault({ secrets: [exampleSecret()] }).open(scope, sealed)).toBeNull()
    for (const text of ['', '.', '....', sealed.slice(1), `${sealed}A`, `${sealed} `]) {
      expect(await vault.open(scope, text)).toBeNull()
    }
  })

  it('keeps purposes and cookies apart, even where joining them would read alike', async () => {
    const vault = createVault({ secrets: [exampleSecret()] })
    const scopes = [
      scope,
      { purpose: 'transaction', name: '__Host-x' },
      { purpose: 'session', name: '__Host-y' },
      { purpose: 'logout', name: '__Host-x' },
    ]
    for (const one of scopes) {
      const sealed = await vault.seal(one, 'text')
      for (const other of scopes) {
        expect((await vault.open(other, sealed)) !== null).toBe(one === other)
      }
    }
  })

  it('seals with the newest secret and opens with every one', async () => {
    const [older, newer] = [exampleSecret(), exampleSecret()]
    const [before, between, after] = [
      createVault({ secrets: [older] }),
      createVault({ secrets: [newer, older] }),
      createVault({ secrets: [newer] }),
    ]
    expect(await between.open(scope, await before.seal(scope, 'text'))).toEqual({ text: 'text', outdated: true })
    expect(await after.open(scope, await between.seal(scope, 'text'))).toEqual({ text: 'text', outdated: false })
    expect(await after.open(scope, await before.seal(scope, 'text'))).toBeNull()
    expect(await between.checkMac('p', 'text', await before.mac('p', 'text'))).toBe(true)
    expect(await before.checkMac('p', 'text', await between.mac('p', 'text'))).toBe(false)
  })

  it('authenticates a text for one purpose', async () => {
    const vault = createVault({ secrets: [exampleSecret()] })
    const mac = await vault.mac('state', 'text')
    expect(mac).toMatch(/^[\w-]{43}$/)
    expect(await vault.checkMac('state', 'text', mac)).toBe(true)
    expect(await vault.checkMac('other', 'text', mac)).toBe(false)
    expect(await vault.checkMac('state', 'texts', mac)).toBe(false)
    expect(await vault.checkMac('state', 'text', '')).toBe(false)
  })

  it.each(['in this process', 'in a store'])(
    'has one winner among 500 that mark a thing as used at once, %s',
    async (where) => {
      const secrets = [exampleSecret()] as const
      const store = createMemoryStore()
      // Two vaults of one secret: Next evaluates an app's modules once per bundle.
      const createOne = () => createVault(where === 'in a store' ? { secrets, store } : { secrets })
      const [one, other] = [createOne(), createOne()]
      const race = Array.from({ length: 500 }, (_, index) => (index % 2 === 0 ? one : other).markUsed('thing', 60))
      expect((await Promise.all(race)).filter(Boolean)).toHaveLength(1)
      expect(await one.markUsed('another thing', 60)).toBe(true)
      expect(one.shared).toBe(where === 'in a store')
    },
  )

  it('keeps its marks apart from those of another secret', async () => {
    const [one, other] = [createVault({ secrets: [exampleSecret()] }), createVault({ secrets: [exampleSecret()] })]
    expect(await one.markUsed('thing', 60)).toBe(true)
    expect(await other.markUsed('thing', 60)).toBe(true)
    expect(await one.markUsed('thing', 60)).toBe(false)
  })

  it('keeps a mark for its lifetime, by its own clock', async () => {
    const clock = { now: 1000 }
    const vault = createVault({ secrets: [exampleSecret()], clock: () => clock.now })
    expect(await vault.markUsed('thing', 60)).toBe(true)
    clock.now += 59
    expect(await vault.markUsed('thing', 60)).toBe(false)
    clock.now += 1
    expect(await vault.markUsed('thing', 60)).toBe(true)
  })

  it('says nothing in the store of what was used', async () => {
    const keys: string[] = []
    const memory = createMemoryStore()
    const store = {
      ...memory,
      add: (key: string, value: string, lifetime: number) => (keys.push(key), memory.add(key, value, lifetime)),
    }
    await createVault({ secrets: [exampleSecret()], store }).markUsed('canary', 60)
    expect(keys).toEqual([expect.stringMatching(/^used:[\w-]{43}$/)])
  })

  const bad: readonly (readonly [string, unknown])[] = [
    ['secrets', { secrets: [] }],
    ['secrets', { secrets: 'canary-example-secret-of-32-bytes-or-more' }],
    ['secrets', { secrets: ['canary-of-31-bytes-............'] }],
    ['secrets', { secrets: ['canary-example-secret-of-32-bytes-or-more', 'canary'] }],
    ['secrets', { secrets: [undefined] }],
    ['secrets', {}],
    ['store', { secrets: [exampleSecret()], store: {} }],
    ['store', { secrets: [exampleSecret()], store: null }],
    ['clock', { secrets: [exampleSecret()], clock: 5 }],
    ['secret', { secret: 'canary' }],
    ['options', null],
  ]
  it.each(bad)('refuses a bad `%s` and does not show it (%#)', (option, options) => {
    try {
      createVault(options as VaultOptions)
    } catch (error) {
      expect(error).toMatchObject({ code: 'core/invalid_option', cause: { factory: 'createVault', option } })
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary')
      return
    }
    expect.unreachable()
  })

  it('counts bytes, not characters', () => {
    expect(() => createVault({ secrets: ['é'.repeat(16)] })).not.toThrow()
    expect(() => createVault({ secrets: ['é'.repeat(15)] })).toThrow()
  })
})
