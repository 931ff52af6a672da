import { deriveMacKey, deriveSealKey, equalInConstantTime, mac, open, type SealKey, seal } from '../crypto/index.ts'
import { checkFunction, checkOptions, invalidOption } from '../errors/options.ts'
import type { Json } from '../model/json.ts'
import { processWide } from '../model/process-wide.ts'
import { type Seconds, systemClock } from '../model/time.ts'
import { fleetWork } from './fleet-work.ts'
import { createMemoryStore } from './memory-store.ts'
import { createSharedWork, type WorkOptions } from './shared-work.ts'
import { boundedStore, type Store } from './store.ts'

/** Options of {@link createVault}. */
export interface VaultOptions {
  /** Secrets of at least 32 bytes: the first seals, all open. To rotate, put a new one in front. */
  readonly secrets: readonly [string, ...string[]]
  /** Shares single-use marks between processes. Without it they hold in this process. */
  readonly store?: Store
  /** The time now, in whole seconds. */
  readonly clock?: () => Seconds
}

/** What a sealed text is for: what was sealed for one scope opens for no other. */
export interface SealScope {
  readonly purpose: string
  /** The name of the cookie that carries it. */
  readonly name: string
}

/** Keeps the secrets: derives keys, seals, authenticates, marks things as used. Shows no key and no secret. */
export interface Vault {
  /** Whether marks are shared between processes. */
  readonly shared: boolean
  /** Seals a text as a compact JWE (`dir`, A256GCM) with the newest secret. */
  seal(scope: SealScope, text: string): Promise<string>
  /** Opens what `seal` made. Null for anything else. `outdated` tells that an older secret sealed it. */
  open(scope: SealScope, sealed: string): Promise<{ readonly text: string; readonly outdated: boolean } | null>
  /** Authenticates a text with HMAC-SHA-256 under the newest secret. */
  mac(purpose: string, text: string): Promise<string>
  /** Whether one of the secrets made this `mac`. */
  checkMac(purpose: string, text: string, mac: string): Promise<boolean>
  /**
   * Marks something as used for `lifetime` seconds. True for the first who does.
   *
   * @throws `auth/store_unavailable`
   */
  markUsed(what: string, lifetime: Seconds): Promise<boolean>
  /**
   * Does a piece of work once: callers with the same key who come while it runs, or up to `lifetime` seconds after it
   * succeeded, get the same result. A failure is shared by those who wait for it and then forgotten.
   */
  once<T extends Json>(key: string, options: WorkOptions<T>): Promise<T>
  /** The store, every call bounded to 500 ms; without one, memory that copies of this module in one process share. */
  store(): Promise<Store>
}

const resultScope: SealScope = { purpose: 'result', name: 'once' }

/**
 * Makes the vault that an app's sessions and logins rest on.
 *
 * @throws `core/invalid_option` for a secret under 32 bytes or an unknown option
 */
export function createVault(options: VaultOptions): Vault {
  const {
    secrets: given,
    store,
    clock = systemClock,
  } = checkOptions('createVault', options, ['secrets', 'store', 'clock'])
  const secrets = checkSecrets(given)
  if (store !== undefined) checkStore(store)
  checkFunction('createVault', 'clock', clock)
  const keys = new Map<string, Promise<readonly SealKey[]>>()

  const sealKeys = (scope: SealScope): Promise<readonly SealKey[]> => {
    const info = `latchkey/1/${scope.purpose}/${scope.name}`
    let derived = keys.get(info)
    if (derived === undefined) {
      derived = Promise.all(secrets.map(async (secret) => deriveSealKey(secret, info)))
      // Names of login cookies vary, so what is remembered is bounded.
      if (keys.size >= 100) keys.delete(keys.keys().next().value ?? '')
      keys.set(info, derived)
    }
    return derived
  }
  const macKeys = new Map<string, ReturnType<typeof deriveMacKey>>()
  const macWith = async (secret: string, purpose: string, text: string): Promise<string> => {
    const name = `${secrets.indexOf(secret)}/${purpose}`
    const key = macKeys.get(name) ?? deriveMacKey(secret, `latchkey/1/mac/${purpose}`)
    macKeys.set(name, key)
    return mac(await key, text)
  }

  const [newest] = secrets
  // What belongs to the same secret is shared between copies of this module, if time is the same for all of them.
  const ownProcess = {
    memory: createMemoryStore({ clock }),
    // Apart, so that a flood of logins pushes nothing else out.
    marks: createMemoryStore({ clock }),
    work: createSharedWork(clock),
  }
  const inProcess = async (): Promise<typeof ownProcess> =>
    clock === systemClock ? processWide(`vault/${await macWith(newest, 'process', '')}`, () => ownProcess) : ownProcess
  const bounded = store === undefined ? null : boundedStore(store)
  const storeOf = async (): Promise<Store> => bounded ?? (await inProcess()).memory

  const sealFor = async (scope: SealScope, text: string): Promise<string> => {
    const [key] = await sealKeys(scope)
    return seal(key as SealKey, text)
  }
  const openFor: Vault['open'] = async (scope, sealed) => {
    const all = await sealKeys(scope)
    const opened = await open(all, sealed)
    return opened === null ? null : { text: opened.text, outdated: opened.key !== all[0] }
  }
  const fleet =
    bounded === null
      ? null
      : {
          store: bounded,
          seal: (text: string) => sealFor(resultScope, text),
          open: async (sealed: string) => (await openFor(resultScope, sealed))?.text ?? null,
        }

  return {
    shared: store !== undefined,
    seal: sealFor,
    open: openFor,
    mac: (purpose, text) => macWith(newest, purpose, text),
    async checkMac(purpose, text, given) {
      const expected = await Promise.all(secrets.map((secret) => macWith(secret, purpose, text)))
      return expected.some((candidate) => equalInConstantTime(candidate, given))
    },
    async markUsed(what, lifetime) {
      const key = await macWith(newest, 'used', what)
      return (bounded ?? (await inProcess()).marks).add(`used:${key}`, '1', Math.max(1, Math.ceil(lifetime)))
    },
    async once(key, options) {
      const name = await macWith(newest, 'once', key)
      const work = fleet === null ? options.work : () => fleetWork(fleet, name, options)
      return (await inProcess()).work.once(name, { ...options, work })
    },
    store: storeOf,
  }
}

function checkStore(store: Store): void {
  const methods = ['get', 'set', 'add', 'replace', 'remove'] as const
  if (methods.some((method) => typeof store?.[method] !== 'function')) {
    throw invalidOption('createVault', 'store', `must have the methods ${methods.join(', ')}`)
  }
}

function checkSecrets(given: unknown): readonly [string, ...string[]] {
  const [first, ...others]: readonly unknown[] = Array.isArray(given) ? (given as unknown[]) : []
  if (first === undefined) throw invalidOption('createVault', 'secrets', 'must be a list with at least one secret')
  if (!isSecret(first) || !others.every(isSecret)) {
    throw invalidOption('createVault', 'secrets', 'must hold secrets of at least 32 bytes each')
  }
  return [first, ...others]
}

function isSecret(value: unknown): value is string {
  return typeof value === 'string' && new TextEncoder().encode(value).length >= 32
}

/** A vault that tells when something opens that an older secret sealed: while that happens the secret is in use. */
export function watchedVault(vault: Vault, onOutdated: (scope: SealScope) => void): Vault {
  return {
    ...vault,
    async open(scope, sealed) {
      const opened = await vault.open(scope, sealed)
      if (opened?.outdated === true) onOutdated(scope)
      return opened
    },
  }
}
