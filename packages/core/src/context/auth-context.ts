import type { AuthEvent } from '../model/event.ts'
import { processWide } from '../model/process-wide.ts'
import type { Seconds } from '../model/time.ts'
import type { MountedProvider } from '../provider/contract.ts'
import type { Origins } from '../request/origins.ts'
import type { AuthPages } from '../request/response.ts'
import type { EndedPeople } from '../session/revocation.ts'
import type { SessionSettings } from '../session/settings.ts'
import type { OnSignIn } from '../session/sign-in.ts'
import type { SessionKeeper } from '../session/strategy.ts'
import type { Vault } from '../vault/vault.ts'

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

/** Remembers what an auth is made of. */
export function rememberWiring<Auth extends object>(auth: Auth, wiring: Wiring): Auth {
  wirings().set(auth, wiring)
  return auth
}

export function wirings(): WeakMap<object, Wiring> {
  return processWide('wirings', () => new WeakMap<object, Wiring>())
}
