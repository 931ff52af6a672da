import type { AuthPages } from './auth.ts'
import type { AuthEvent } from './events/auth-event.ts'
import type { MountedProvider } from './provider/contract.ts'
import type { Origins } from './request/origins.ts'
import type { EndedPeople } from './session/ended-people.ts'
import type { Seconds } from './session/identity.ts'
import type { SessionKeeper } from './session/session-keeper.ts'
import type { SessionSettings } from './session/session-options.ts'
import type { OnSignIn } from './session/sign-in.ts'
import type { Vault } from './vault/vault.ts'

/** Everything that the parts of one auth share. */
export interface Wiring {
  readonly origins: Origins
  readonly callbackOrigin: string | null
  readonly basePath: string
  readonly trustedOrigins: readonly string[]
  readonly returnOrigins: readonly string[]
  readonly pages: AuthPages
  readonly vault: Vault
  readonly sessionSettings: SessionSettings
  readonly sessions: SessionKeeper
  readonly endedPeople: EndedPeople
  readonly providers: ReadonlyMap<string, MountedProvider>
  readonly onSignIn: OnSignIn
  readonly clock: () => Seconds
  emit(event: AuthEvent, native: unknown): void
}
