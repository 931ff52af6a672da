import {
  deriveMacKey,
  deriveSealKey,
  equalInConstantTime,
  mac,
  open,
  openBytes,
  randomToken,
  type SealKey,
  seal,
} from '../crypto/index.ts'
import { andThen, remembered } from '../model/awaitable.ts'
import { BoundedMap, processWide } from '../model/bounded-map.ts'
import type { Awaitable, Json } from '../model/json.ts'
import { type Seconds, systemClock } from '../model/time.ts'
import { addExclusively } from './exclusive-add.ts'
import { fleetWork } from './fleet-work.ts'
import { createMarks, type Marks, maxMarks } from './marks.ts'
import { openMemory } from './memory-store.ts'
import { createSharedWork, type WorkOptions } from './shared-work.ts'
import { boundedStore, type Store, type StoreFailure } from './store.ts'

/** Options of {@link openVault}. */
export interface VaultOptions {
  /** Secrets of at least 32 bytes: the first seals, all open. */
  readonly secrets: readonly [newest: string, ...older: string[]]
  /** Shares single-use marks and work between processes. Without it they hold in this process. */
  readonly store: Store | undefined
  /** The time now, in whole seconds. */
  readonly clock: () => Seconds
  /** Called when something opens that an older secret sealed: while that happens the secret is in use. */
  onOutdated?(): void
  /** Called for each call to the store that fails or is late. */
  onStoreFailed?(failure: StoreFailure): void
}

/** What a sealed text is for: what was sealed for one scope opens for no other. */
export interface SealScope {
  /** What it is sealed for: each purpose has a key of its own. */
  readonly purpose: string
  /** The name of the cookie that carries it. */
  readonly name: string
}

/** What is kept in a store by its parts. */
export type StoredKind = 'sessions' | 'revocations'

/** Keeps the secrets: derives keys, seals, authenticates, marks things as used. Shows no key and no secret. */
export interface Vault {
  /** Whether processes share a store. */
  readonly isShared: boolean
  /** Seals a text, or bytes, as a compact JWE (`dir`, A256GCM) with the newest secret. */
  seal(scope: SealScope, content: string | Uint8Array): Promise<string>
  /** Opens a text that `seal` sealed. Null for anything else. */
  open(scope: SealScope, sealed: string): Promise<string | null>
  /** The same for bytes, of a scope whose texts are opened on every request: its keys are looked up once. */
  opener(scope: SealScope): (sealed: string) => Awaitable<Uint8Array | null>
  /** The same for what is judged here and used elsewhere: that an older secret sealed it is reported where it is used. */
  peek(scope: SealScope, sealed: string): Promise<string | null>
  /** Authenticates a text with HMAC-SHA-256 under the newest secret. */
  mac(purpose: string, text: string): Promise<string>
  /** The same under each secret, the newest first: for names that must be found while secrets rotate. */
  macs(purpose: string, text: string): Promise<readonly string[]>
  /** Whether one of the secrets made this `mac`. */
  checkMac(purpose: string, text: string, mac: string): Promise<boolean>
  /**
   * Marks something as used for `lifetime` seconds. True for the first who does. Without a store each kind has a bound of
   * its own.
   *
   * @throws `auth/store_unavailable`
   */
  markUsed(kind: string, id: string, lifetime: Seconds): Promise<boolean>
  /** Whether this process has heard of its store that something is used: of the last 50,000 things. Asks no store. */
  isKnownUsed(kind: string, id: string): Promise<boolean>
  /**
   * Does a piece of work once: callers with the same key who come while it runs, or up to `lifetime` seconds after it
   * succeeded, get the same result. A failure is shared by those who wait for it and then forgotten. The key leaves no trace:
   * what is kept has a MAC of it as its name, under each secret. So nothing in it may depend on which secret is the newest.
   */
  once<T extends Json>(key: string, options: WorkOptions<T>): Promise<T>
  /**
   * The store, every call bounded to 500 ms; without one, memory that copies of this module in one process share, with a
   * bound for each kind of entry.
   */
  store(kind: StoredKind): Awaitable<Store>
}

const resultScope: SealScope = { purpose: 'result', name: 'once' }

/** Opens the vault that an app's sessions and logins rest on. Its options are checked by who calls. */
export function openVault({ secrets, store, clock, onOutdated, onStoreFailed }: VaultOptions): Vault {
  // Whatever names callers make up, what is remembered is bounded.
  const keys = new BoundedMap<string, Promise<readonly SealKey[]>>(100)

  const sealKeys = (scope: SealScope): Promise<readonly SealKey[]> => {
    const info = labelOf('seal', scope.purpose, scope.name)
    let derived = keys.get(info)
    if (derived === undefined) {
      derived = Promise.all(secrets.map(async (secret) => deriveSealKey(secret, info)))
      keys.set(info, derived)
    }
    return derived
  }
  const macKeys = new Map<string, ReturnType<typeof deriveMacKey>>()
  const macWith = async (secret: string, purpose: string, text: string): Promise<string> => {
    const name = `${secrets.indexOf(secret)}/${purpose}`
    const key = macKeys.get(name) ?? deriveMacKey(secret, labelOf('mac', purpose))
    macKeys.set(name, key)
    return mac(await key, text)
  }

  const [newest] = secrets
  // What belongs to the same secret is shared between copies of this module, if time is the same for all of them.
  const ownProcess = {
    // Apart, so that a flood of one kind pushes nothing else out.
    sessions: openMemory({ clock }),
    revocations: openMemory({ clock, maxEntries: 50_000 }),
    marks: new Map<string, Marks>(),
    work: createSharedWork(clock),
  }
  const findProcess = async (): Promise<typeof ownProcess> =>
    clock === systemClock ? processWide(`vault/${await macWith(newest, 'process', '')}`, () => ownProcess) : ownProcess
  const inProcess = remembered(findProcess)
  const bounded = store === undefined ? null : boundedStore(store, onStoreFailed)
  const known = new BoundedMap<string, Seconds>(maxMarks)
  const isKnown = (key: string): boolean => (known.get(key) ?? 0) > clock()
  const storeOf = (kind: StoredKind): Awaitable<Store> => bounded ?? andThen(inProcess(), (found) => found[kind])

  const sealFor = async (scope: SealScope, content: string | Uint8Array, index = 0): Promise<string> =>
    seal((await sealKeys(scope))[index] as SealKey, content)
  /** The names of a thing under each secret, in an order that does not depend on the list's. */
  const namesOf = async (purpose: string, text: string): Promise<readonly { name: string; index: number }[]> => {
    const names = await Promise.all(
      secrets.map(async (secret, index) => ({ name: await macWith(secret, purpose, text), index })),
    )
    return names.sort((one, other) => (one.name < other.name ? -1 : 1))
  }
  const peek: Vault['peek'] = async (scope, sealed) => (await open(await sealKeys(scope), sealed))?.text ?? null
  /** Reports that it is an older secret that sealed something. */
  const reported = <Opened extends { readonly key: SealKey }>(all: readonly SealKey[], opened: Opened | null) => {
    if (opened !== null && opened.key !== all[0]) onOutdated?.()
    return opened
  }
  const workOfFleet = async <T extends Json>(sharedStore: Store, key: string, options: WorkOptions<T>): Promise<T> => {
    const names = (await namesOf('once', key)).map(({ name, index }) => ({
      name,
      seal: (text: string) => sealFor(resultScope, text, index),
    }))
    return fleetWork({ store: sharedStore, names, open: (sealed) => peek(resultScope, sealed) }, options)
  }

  return {
    isShared: store !== undefined,
    seal: sealFor,
    async open(scope, sealed) {
      const all = await sealKeys(scope)
      return reported(all, await open(all, sealed))?.text ?? null
    },
    opener(scope) {
      const keysOfScope = remembered(() => sealKeys(scope))
      return (sealed) =>
        andThen(keysOfScope(), (all) =>
          andThen(openBytes(all, sealed), (opened) => reported(all, opened)?.bytes ?? null),
        )
    },
    peek,
    mac: (purpose, text) => macWith(newest, purpose, text),
    macs: (purpose, text) => Promise.all(secrets.map((secret) => macWith(secret, purpose, text))),
    async checkMac(purpose, text, given) {
      const expected = await Promise.all(secrets.map((secret) => macWith(secret, purpose, text)))
      return expected.some((candidate) => equalInConstantTime(candidate, given))
    },
    isKnownUsed: async (kind, id) => known.size > 0 && isKnown(await macWith(newest, 'used', `${kind} ${id}`)),
    async markUsed(kind, id, lifetime) {
      const seconds = Math.max(1, Math.ceil(lifetime))
      // Before anything is awaited: the lifetime is what is left now.
      const expiresAt = clock() + seconds
      const key = await macWith(newest, 'used', `${kind} ${id}`)
      if (bounded !== null) {
        // A mark is never taken back: what is sent again and again costs the store one command.
        if (isKnown(key)) return false
        const keys = (await namesOf('used', `${kind} ${id}`)).map(({ name }) => `used:${name}`)
        const isFirst = await addExclusively(bounded, { keys, owner: randomToken(16), lifetime: seconds })
        known.set(key, expiresAt)
        return isFirst
      }
      const { marks } = await inProcess()
      const ofKind = marks.get(kind) ?? createMarks(clock)
      marks.set(kind, ofKind)
      return ofKind.add(key, expiresAt)
    },
    async once<T extends Json>(key: string, options: WorkOptions<T>): Promise<T> {
      const name = await macWith(newest, 'once', key)
      const shared = (await inProcess()).work
      const present = shared.find(name, options.busy)
      if (present !== undefined) return (await present) as T
      const result =
        bounded === null || options.sharedWith === 'process' ? options.work() : workOfFleet(bounded, key, options)
      return await shared.share(name, options, result)
    },
    store: storeOf,
  }
}

/** The label of a key: as JSON, no two lists of parts read alike, whatever the parts are. */
function labelOf(...parts: readonly string[]): string {
  return `latchkey/2/${JSON.stringify(parts)}`
}
