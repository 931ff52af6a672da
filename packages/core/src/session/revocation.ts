import { randomToken } from '../crypto/index.ts'
import { checkOptions, required, rule } from '../errors/options.ts'
import { type Identity, type UserKey, userKey } from '../model/identity.ts'
import type { Seconds } from '../model/time.ts'
import type { MountedProvider } from '../provider/contract.ts'
import { readMany, type Store } from '../vault/store.ts'
import type { Vault } from '../vault/vault.ts'

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
  /** Those of the sign-ins that have been revoked, in one round trip. */
  findRevoked(signIns: readonly SignInMarks[]): Promise<readonly SignInMarks[]>
  /** When sign-ins of a user were revoked last; null if never. */
  revokedAt(users: readonly UserKey[]): Promise<Seconds | null>
}

/** What is asked of one sign-in. */
export interface SignInMarks {
  readonly identity: Identity
  readonly sid: string | undefined
  /** The epochs that it carries. */
  readonly epochs: readonly string[]
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
  const store = (): Promise<Store> => vault.store('revocations')
  let latest: Seconds = 0
  /** The latest time that was seen: a clock that is set back must not make an end look older than a sign-in before it. */
  const seenTime = (): Seconds => {
    latest = Math.max(latest, clock())
    return latest
  }
  /** In a store a name tells nobody whose it is; in the memory of this process it needs no MAC. */
  const marked = async (what: 'user' | 'sid', parts: readonly (string | null)[]): Promise<readonly string[]> => {
    const text = JSON.stringify(parts)
    return (vault.isShared ? await vault.macs(what, text) : [`${what}:${text}`]).map((name) => `revoked:${name}`)
  }
  const namesOf = ({ provider, issuer, tenant, subject }: UserKey): Promise<readonly string[]> =>
    marked('user', [provider, issuer, tenant ?? null, subject])
  const sidNames = ({ provider, issuer, sid }: VendorSession): Promise<readonly string[]> =>
    marked('sid', [provider, issuer, sid])
  /** The marks of a user in their tenant and in every tenant. */
  const allNames = async (user: UserKey): Promise<readonly string[]> =>
    user.tenant === undefined
      ? namesOf(user)
      : [...(await namesOf(user)), ...(await namesOf({ ...user, tenant: undefined }))]
  const write = async (names: readonly string[]): Promise<void> => {
    const kept = await store()
    const epoch: Epoch = {
      id: randomToken(9),
      number: await nextNumber(kept),
      at: vault.isShared ? clock() : seenTime(),
    }
    await Promise.all(names.map((name) => kept.set(name, JSON.stringify(epoch), lifetime)))
  }
  const read = async (names: readonly string[]): Promise<readonly Epoch[]> =>
    (await readMany(await store(), names)).flatMap((text) => (text === null ? [] : [JSON.parse(text) as Epoch]))

  return {
    revoke: async (user) => write(await namesOf(user)),
    revokeSid: async (by) => write(await sidNames(by)),
    count: async () => Number((await (await store()).get(countKey)) ?? 0),
    async epochsAt(user, count) {
      const epochs = await read(await allNames(user))
      return epochs.some(({ number }) => number > count) ? null : [...new Set(epochs.map(({ id }) => id))]
    },
    async findRevoked(signIns) {
      const names: { readonly user: readonly string[]; readonly sid: readonly string[] }[] = []
      const keys: string[] = []
      for (const { identity, sid } of signIns) {
        const user = await allNames(userKey(identity))
        const ofSid = sid === undefined ? [] : await sidNames({ ...identity, sid })
        names.push({ user, sid: ofSid })
        keys.push(...user, ...ofSid)
      }
      const texts = await readMany(await store(), keys)
      seenTime()
      if (texts.every((text) => text === null)) return []
      const found = new Map(keys.map((key, index) => [key, texts[index] ?? null]))
      return signIns.filter(({ identity, epochs }, index) => {
        const isEnded = (name: string): boolean => {
          const text = found.get(name) ?? null
          if (text === null) return false
          const { id, at } = JSON.parse(text) as Epoch
          // Without a shared store a later sign-in at another process carries no epoch of this one.
          return !epochs.includes(id) && (vault.isShared || identity.signedInAt <= at)
        }
        return names[index]?.user.some(isEnded) || names[index]?.sid.some((name) => found.get(name) !== null)
      })
    },
    async revokedAt(users) {
      const names = (await Promise.all(users.map(allNames))).flat()
      const epochs = await read(names)
      return epochs.length === 0 ? null : Math.max(...epochs.map(({ at }) => at))
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

const countKey = 'revocations'

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
