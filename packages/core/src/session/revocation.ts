import { type Identity, type PersonKey, personOf } from '../model/identity.ts'
import { processWide } from '../model/process-wide.ts'
import type { Seconds } from '../model/time.ts'
import type { Vault } from '../vault/vault.ts'

/** Which people's sign-ins have been ended by the app, wherever they are signed in. */
export interface EndedPeople {
  /** Ends every sign-in of a person up to now. */
  end(person: PersonKey): Promise<void>
  /** Whether a sign-in has been ended. */
  hasEnded(identity: Identity): Promise<boolean>
}

/** Keeps one mark per person, under a hash, in the vault's store, for as long as a session can last. */
export function createEndedPeople(vault: Vault, lifetime: Seconds, clock: () => Seconds): EndedPeople {
  const keyOf = async ({ provider, issuer, tenant, subject }: PersonKey): Promise<string> =>
    `ended:${await vault.mac('person', JSON.stringify([provider, issuer, tenant ?? null, subject]))}`
  return {
    async end(person) {
      await (await vault.store()).set(await keyOf(person), String(clock()), lifetime)
    },
    async hasEnded(identity) {
      const mark = await (await vault.store()).get(await keyOf(personOf(identity)))
      return mark !== null && identity.signedInAt <= Number(mark)
    },
  }
}

const mostRemembered = 50_000

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
  const known = generations()
  known.delete(id)
  known.set(id, generation)
  // A Map iterates in the order of insertion, so the first is the oldest.
  if (known.size > mostRemembered) known.delete(known.keys().next().value ?? '')
}

function generations(): Map<string, number> {
  return processWide('session-generations', () => new Map<string, number>())
}
