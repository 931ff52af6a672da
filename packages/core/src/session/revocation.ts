import { randomToken } from '../crypto/index.ts'
import { checkOptions, required, rule } from '../errors/options.ts'
import { andThen } from '../model/awaitable.ts'
import { type Identity, memberAt, type UserKey, userKey } from '../model/identity.ts'
import type { Awaitable } from '../model/json.ts'
import type { Seconds } from '../model/time.ts'
import type { BearerToken, MountedProvider } from '../provider/contract.ts'
import { isMemory, type MemoryStore, readMany, type Store } from '../vault/store.ts'
import type { Vault } from '../vault/vault.ts'
import type { NewSessionRecord } from './record.ts'

/**
 * The end of all sign-ins of a user up to now. A sign-in that comes later carries the epochs that it found, so no clocks
 * are compared: it has ended as soon as there is an epoch that it does not carry.
 */
export interface Epoch {
  readonly id: string
  /** Which revocation of all it was: one that a sign-in under way must not carry has a number of its own. */
  readonly number: number
  /** When it was written: compared with the `iat` of access tokens alone. */
  readonly at: Seconds
}

/** Which sign-ins have been revoked, wherever their sessions are. */
export interface Revocations {
  /** Ends every sign-in of a user up to now; without a tenant in every tenant. */
  revoke(user: UserKey): Promise<void>
  /** Ends every sign-in that a vendor knows by this `sid`, and those that are under way. */
  revokeSid(by: VendorSession): Promise<void>
  /** How many revocations there have been. Read before a login is redeemed. */
  count(): Promise<number>
  /** The epochs that a sign-in is to carry. Null if one of them was written after `count` had been read. */
  epochsAt(user: UserKey, count: number): Promise<readonly string[] | null>
  /**
   * The names of the marks by which a session can end: whoever reads it later asks for them in the same round trip. None
   * where processes share no store.
   */
  namesOf(record: NewSessionRecord): Promise<readonly string[]>
  /** Those of the sign-ins that have been revoked. What was not read with their record is read, in one round trip. */
  findRevoked(signIns: readonly SignInMarks[], read?: ReadMarks): Awaitable<readonly SignInMarks[]>
  /** When sign-ins of the user of an access token were revoked last; null if never. */
  revokedAt(token: BearerToken, accountIssuers: readonly string[]): Awaitable<Seconds | null>
}

/** Marks as they were read with a record, by key; null for one that is absent. Good for that one reading. */
export type ReadMarks = ReadonlyMap<string, string | null>

/** Where no marks were read. */
export const noMarks: ReadMarks = new Map()

/** The key under which the store keeps the mark of a name. */
export function markKey(name: string): string {
  return markPrefix + name
}

/** What is asked of one sign-in. */
export interface SignInMarks {
  /** The provider that it is of. */
  readonly name: string
  readonly identity: Identity
  readonly sid: string | undefined
  /** The epochs that it carries. */
  readonly epochs: readonly string[]
}

/** The sign-ins of a session. */
export function signInsOf({ identities, sids, epochs }: NewSessionRecord): readonly SignInMarks[] {
  return Object.keys(identities).map((name) => {
    const identity = identities[name] as Identity
    return { name, identity, sid: memberAt(sids, name), epochs: memberAt(epochs, name) ?? [] }
  })
}

/** By what a sign-in can end: the parts of its name as JSON, in which no two lists of parts read alike. */
interface Mark {
  readonly what: 'user' | 'sid'
  readonly text: string
}

function markOfUser({ provider, issuer, tenant, subject }: UserKey): Mark {
  return { what: 'user', text: JSON.stringify([provider, issuer, tenant ?? null, subject]) }
}

function markOfSid({ provider, issuer, sid }: VendorSession): Mark {
  return { what: 'sid', text: JSON.stringify([provider, issuer, sid]) }
}

/** The marks of a user in their tenant and in every tenant. */
function marksOfUser(user: UserKey): readonly Mark[] {
  return user.tenant === undefined ? [markOfUser(user)] : [markOfUser(user), markOfUser({ ...user, tenant: undefined })]
}

function marksOf({ identity, sid }: SignInMarks): readonly Mark[] {
  const ofUser = marksOfUser(userKey(identity))
  return sid === undefined ? ofUser : [...ofUser, markOfSid({ ...identity, sid })]
}

/** The marks of the user of an access token: each account issuer of its provider may be the one that a session has. */
function marksOfToken({ provider, subject, tenant }: BearerToken, issuers: readonly string[]): readonly Mark[] {
  return issuers.flatMap((issuer) => marksOfUser({ provider, issuer, subject, tenant }))
}

function memoryKey({ what, text }: Mark): string {
  return markKey(`${what}:${text}`)
}

/** What a vendor calls a session of its own. */
export interface VendorSession {
  readonly provider: string
  readonly issuer: string
  readonly sid: string
}

/** Ten years: marks of auths with other lifetimes carry its numbers, too. */
const countLifetimeSeconds = 315_360_000

/** Keeps one mark per user, in a store under MACs of all secrets, for as long as a session can last. */
export function createRevocations(vault: Vault, lifetime: Seconds, clock: () => Seconds): Revocations {
  const store = (): Awaitable<Store> => vault.store('revocations')
  let latest: Seconds = 0
  /** The latest time that was seen: a clock that is set back must not make an end look older than a sign-in before it. */
  const seenTime = (): Seconds => {
    latest = Math.max(latest, clock())
    return latest
  }
  /** In a store a name tells nobody whose it is; in the memory of this process it needs no MAC. */
  const keysOfMark = async ({ what, text }: Mark): Promise<readonly string[]> =>
    vault.isShared ? (await vault.macs(what, text)).map(markKey) : [memoryKey({ what, text })]
  const keysOfMarks = async (marks: readonly Mark[]): Promise<readonly string[]> =>
    (await Promise.all(marks.map(keysOfMark))).flat()
  // A token that comes again is the same object, and its keys cost two MACs for each secret.
  const keysOfTokens = new WeakMap<
    BearerToken,
    { readonly issuers: readonly string[]; readonly keys: readonly string[] }
  >()
  const tokenKeys = (token: BearerToken, issuers: readonly string[]): Awaitable<readonly string[]> => {
    const known = keysOfTokens.get(token)
    return known?.issuers === issuers ? known.keys : findTokenKeys(token, issuers)
  }
  const findTokenKeys = async (token: BearerToken, issuers: readonly string[]): Promise<readonly string[]> => {
    const keys = await keysOfMarks(marksOfToken(token, issuers))
    if (Object.isFrozen(token)) keysOfTokens.set(token, { issuers, keys })
    return keys
  }
  /** Whether what was read as a mark ends a sign-in. */
  const ends = ({ what }: Mark, text: string | null, { identity, epochs }: SignInMarks): boolean => {
    if (text === null || what === 'sid') return text !== null
    const { id, at } = JSON.parse(text) as Epoch
    // Without a shared store a later sign-in at another process carries no epoch of this one.
    return !epochs.includes(id) && (vault.isShared || identity.signedInAt <= at)
  }
  const write = async (keys: readonly string[]): Promise<void> => {
    const kept = await store()
    const epoch: Epoch = {
      id: randomToken(9),
      number: await nextNumber(kept),
      at: vault.isShared ? clock() : seenTime(),
    }
    await Promise.all(keys.map((key) => kept.set(key, JSON.stringify(epoch), lifetime)))
  }
  const revokedHere = (memory: MemoryStore, signIns: readonly SignInMarks[]): readonly SignInMarks[] => {
    seenTime()
    // So it is where nobody has been revoked, and then no name has to be made.
    if (memory.isEmpty()) return []
    return signIns.filter((signIn) => marksOf(signIn).some((mark) => ends(mark, memory.peek(memoryKey(mark)), signIn)))
  }
  const revokedIn = async (shared: Store, signIns: readonly SignInMarks[], known: ReadMarks) => {
    // A cookie proves nothing: the keys are computed anew, and only what was read under one of them counts.
    const asked = await Promise.all(
      signIns.flatMap((signIn) =>
        marksOf(signIn).map(async (mark) => ({ signIn, mark, keys: await keysOfMark(mark) })),
      ),
    )
    const unread = asked.flatMap(({ keys }) => keys).filter((key) => !known.has(key))
    const texts = await readMany(shared, unread)
    seenTime()
    const found = new Map([...known, ...unread.map((key, index) => [key, texts[index] ?? null] as const)])
    const ended = asked.filter(({ signIn, mark, keys }) =>
      keys.some((key) => ends(mark, found.get(key) ?? null, signIn)),
    )
    return signIns.filter((signIn) => ended.some((each) => each.signIn === signIn))
  }
  const read = async (keys: readonly string[]): Promise<readonly Epoch[]> =>
    epochsIn(await readMany(await store(), keys))
  const revokedAtIn = async (shared: Store, token: BearerToken, issuers: readonly string[]): Promise<Seconds | null> =>
    latestOf(await readMany(shared, await tokenKeys(token, issuers)))

  return {
    revoke: async (user) => write(await keysOfMark(markOfUser(user))),
    revokeSid: async (by) => write(await keysOfMark(markOfSid(by))),
    count: async () => Number((await (await store()).get(countKey)) ?? 0),
    async epochsAt(user, count) {
      const epochs = await read(await keysOfMarks(marksOfUser(user)))
      return epochs.some(({ number }) => number > count) ? null : [...new Set(epochs.map(({ id }) => id))]
    },
    async namesOf(record) {
      if (!vault.isShared) return []
      return (await keysOfMarks(signInsOf(record).flatMap(marksOf))).map((key) => key.slice(markPrefix.length))
    },
    findRevoked(signIns, known = noMarks) {
      return andThen(store(), (kept) => (isMemory(kept) ? revokedHere(kept, signIns) : revokedIn(kept, signIns, known)))
    },
    revokedAt(token, accountIssuers) {
      return andThen(store(), (kept) => {
        if (!isMemory(kept)) return revokedAtIn(kept, token, accountIssuers)
        // So it is where nobody has been revoked, and then no name has to be made.
        if (kept.isEmpty()) return null
        return latestOf(marksOfToken(token, accountIssuers).map((mark) => kept.peek(memoryKey(mark))))
      })
    },
  }
}

/**
 * Refuses the key of a user whom no session can hold: it would end nothing, and say nothing.
 *
 * @throws `core/invalid_option`
 */
export function checkUserKey(
  providers: ReadonlyMap<string, Pick<MountedProvider, 'accountIssuers'>>,
  user: UserKey,
): void {
  // What else an object of the app says beside its key is its own.
  const { provider, issuer, subject, tenant } = user ?? {}
  checkOptions<UserKey>(
    'revokeSessions',
    { provider, issuer, subject, tenant },
    {
      provider: required(rule('must be the name of an installed provider', (value) => providers.has(value as string))),
      issuer: required(
        rule(
          'must be the account issuer of the provider, as `userKey(identity)` has it',
          (value) => providers.get(provider)?.accountIssuers.includes(value as string) === true,
        ),
      ),
      subject: required(rule('must be a text', isText)),
      tenant: rule('must be the id of a tenant', isText),
    },
  )
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function epochsIn(texts: readonly (string | null)[]): readonly Epoch[] {
  return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as Epoch]))
}

/** When the latest of the epochs was written; null where there is none. */
function latestOf(texts: readonly (string | null)[]): Seconds | null {
  const epochs = epochsIn(texts)
  return epochs.length === 0 ? null : Math.max(...epochs.map(({ at }) => at))
}

const countKey = 'revocations'

const markPrefix = 'revoked:'

/**
 * A number that is above every count which was read before, and above none that is read later. Whoever changes the count at
 * the same moment has counted it up for both.
 */
async function nextNumber(store: Store): Promise<number> {
  const text = await store.get(countKey)
  const next = Number(text ?? 0) + 1
  if (text === null) await store.add(countKey, String(next), countLifetimeSeconds)
  else await store.replace(countKey, text, String(next), countLifetimeSeconds)
  return next
}
