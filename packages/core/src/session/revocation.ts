import { BoundedMap, processWide } from '../model/bounded-map.ts'
import { type Identity, type UserKey, userKey } from '../model/identity.ts'
import type { Seconds } from '../model/time.ts'
import type { Vault } from '../vault/vault.ts'

/** Which sign-ins have been revoked, wherever their sessions are. */
export interface Revocations {
  /** Ends every sign-in of a user up to now. */
  revoke(user: UserKey): Promise<void>
  /** Ends every sign-in that a vendor knows by this `sid`, and those that are under way. */
  revokeSid(by: VendorSession): Promise<void>
  /** Whether a sign-in has been revoked. */
  isRevoked(identity: Identity, sid: string | undefined): Promise<boolean>
}

/** What a vendor calls a session of its own. */
export interface VendorSession {
  readonly provider: string
  readonly issuer: string
  readonly sid: string
}

/** Keeps one mark per user, under a MAC, in the vault's store, for as long as a session can last. */
export function createRevocations(vault: Vault, lifetime: Seconds, clock: () => Seconds): Revocations {
  const userMark = async ({ provider, issuer, tenant, subject }: UserKey): Promise<string> =>
    `revoked:${await vault.mac('user', JSON.stringify([provider, issuer, tenant ?? null, subject]))}`
  const sidMark = async ({ provider, issuer, sid }: VendorSession): Promise<string> =>
    `revoked:${await vault.mac('sid', JSON.stringify([provider, issuer, sid]))}`
  return {
    async revoke(user) {
      await (await vault.store()).set(await userMark(user), String(clock()), lifetime)
    },
    async revokeSid(by) {
      await (await vault.store()).set(await sidMark(by), String(clock()), lifetime)
    },
    async isRevoked(identity, sid) {
      const store = await vault.store()
      const ofUser = await store.get(await userMark(userKey(identity)))
      if (ofUser !== null && identity.signedInAt <= Number(ofUser)) return true
      if (sid === undefined) return false
      const { provider, issuer } = identity
      return (await store.get(await sidMark({ provider, issuer, sid }))) !== null
    },
  }
}

const maxEntries = 50_000

const ended = Number.POSITIVE_INFINITY

/**
 * What this process has seen of sessions whose cookies cannot be taken back from whoever holds them: the newest
 * generation of each, and which have ended. Bounded: what was heard of longest ago goes first. Other processes do not
 * know it.
 */
export const sessionHistory: SessionHistory = {
  end: (id) => remember(id, ended),
  hasEnded: (id) => generations().get(id) === ended,
  advance(id, generation) {
    if (generation > (generations().get(id) ?? 0)) remember(id, generation)
  },
  isOutdated: ({ id, generation }) => generation < (generations().get(id) ?? 0),
}

/** See {@link sessionHistory}. */
export interface SessionHistory {
  /** Remembers that a session is over: signed out, or replaced at a sign-in. */
  end(id: string): void
  hasEnded(id: string): boolean
  /** Remembers that a session has come to a generation. */
  advance(id: string, generation: number): void
  /** Whether a newer generation of the session is known, or its end. */
  isOutdated(record: { readonly id: string; readonly generation: number }): boolean
}

function remember(id: string, generation: number): void {
  generations().set(id, generation)
}

function generations(): Map<string, number> {
  return processWide('session-generations', () => new BoundedMap<string, number>(maxEntries))
}
