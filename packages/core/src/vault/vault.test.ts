import { describe, expect, it } from 'vitest'
import { systemClock } from '../model/time.ts'
import { createMemoryStore } from './memory-store.ts'
import { openVault, type Vault, type VaultOptions } from './vault.ts'

const exampleSecret = (): string => `an-example-secret-of-32-bytes-${crypto.randomUUID()}`
const scope = { purpose: 'session', name: '__Host-x' }

const vaultOf = (secrets: VaultOptions['secrets'], more: Partial<VaultOptions> = {}): Vault =>
  openVault({ secrets, store: undefined, clock: systemClock, ...more })

describe('a vault', () => {
  it('opens what it sealed, and nothing that it did not', async () => {
    const vault = vaultOf([exampleSecret()])
    const sealed = await vault.seal(scope, 'text')
    expect(await vault.open(scope, sealed)).toBe('text')
    expect(await vaultOf([exampleSecret()]).open(scope, sealed)).toBeNull()
    for (const text of ['', '.', '....', sealed.slice(1), `${sealed}A`, `${sealed} `]) {
      expect(await vault.open(scope, text)).toBeNull()
    }
  })

  it('keeps purposes and cookies apart, even where joining them would read alike', async () => {
    const vault = vaultOf([exampleSecret()])
    const scopes = [
      scope,
      { purpose: 'transaction', name: '__Host-x' },
      { purpose: 'session', name: '__Host-y' },
      { purpose: 'logout', name: '__Host-x' },
      { purpose: 'app', name: 'invite/admin' },
      { purpose: 'app/invite', name: 'admin' },
      { purpose: 'app","invite', name: 'admin' },
      { purpose: 'app', name: 'invite","admin' },
      { purpose: 'app', name: '' },
      { purpose: '', name: 'app' },
    ]
    for (const one of scopes) {
      const sealed = await vault.seal(one, 'text')
      for (const other of scopes) {
        expect((await vault.open(other, sealed)) !== null).toBe(one === other)
      }
    }
  })

  it('seals with the newest secret and opens with every one, and tells when that was an older one', async () => {
    const [older, newer] = [exampleSecret(), exampleSecret()]
    let outdated = 0
    const onOutdated = (): void => void outdated++
    const [before, between, after] = [
      vaultOf([older], { onOutdated }),
      vaultOf([newer, older], { onOutdated }),
      vaultOf([newer], { onOutdated }),
    ]
    expect(await before.open(scope, await before.seal(scope, 'text'))).toBe('text')
    expect(await after.open(scope, await between.seal(scope, 'text'))).toBe('text')
    expect(await after.open(scope, await before.seal(scope, 'text'))).toBeNull()
    expect(outdated).toBe(0)
    expect(await between.open(scope, await before.seal(scope, 'text'))).toBe('text')
    expect(outdated).toBe(1)
    expect(await between.checkMac('p', 'text', await before.mac('p', 'text'))).toBe(true)
    expect(await before.checkMac('p', 'text', await between.mac('p', 'text'))).toBe(false)
  })

  it('authenticates a text for one purpose', async () => {
    const vault = vaultOf([exampleSecret()])
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
      const memory = createMemoryStore()
      let added = 0
      const add: typeof memory.add = (...entry) => (added++, memory.add(...entry))
      const store = { ...memory, add }
      // Two vaults of one secret: Next evaluates an app's modules once per bundle.
      const createOne = () => vaultOf(secrets, where === 'in a store' ? { store } : {})
      const [one, other] = [createOne(), createOne()]
      const race = Array.from({ length: 500 }, (_, index) =>
        (index % 2 === 0 ? one : other).markUsed('test', 'thing', 60),
      )
      expect((await Promise.all(race)).filter(Boolean)).toHaveLength(1)
      expect(await one.markUsed('test', 'another thing', 60)).toBe(true)
      expect(added).toBe(where === 'in a store' ? 501 : 0)
    },
  )

  it('keeps its marks apart from those of another secret', async () => {
    const [one, other] = [vaultOf([exampleSecret()]), vaultOf([exampleSecret()])]
    expect(await one.markUsed('test', 'thing', 60)).toBe(true)
    expect(await other.markUsed('test', 'thing', 60)).toBe(true)
    expect(await one.markUsed('test', 'thing', 60)).toBe(false)
  })

  it('keeps a mark for its lifetime, by its own clock', async () => {
    const clock = { now: 1000 }
    const vault = vaultOf([exampleSecret()], { clock: () => clock.now })
    expect(await vault.markUsed('test', 'thing', 60)).toBe(true)
    clock.now += 59
    expect(await vault.markUsed('test', 'thing', 60)).toBe(false)
    clock.now += 1
    expect(await vault.markUsed('test', 'thing', 60)).toBe(true)
  })

  it('says nothing in the store of what was used', async () => {
    const keys: string[] = []
    const memory = createMemoryStore()
    const store = {
      ...memory,
      add: (key: string, value: string, lifetime: number) => (keys.push(key), memory.add(key, value, lifetime)),
    }
    await vaultOf([exampleSecret()], { store }).markUsed('test', 'canary', 60)
    expect(keys).toEqual([expect.stringMatching(/^used:[\w-]{43}$/)])
  })
})
