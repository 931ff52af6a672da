import type { Vault } from '../vault/vault.ts'
import { type Identity, type PersonKey, personOf, type Seconds } from './identity.ts'

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
