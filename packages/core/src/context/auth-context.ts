import { processWide } from '../model/bounded-map.ts'
import type { AuthEvent, EventListener } from '../model/event.ts'
import type { FrameworkRequest } from '../model/framework-request.ts'
import type { JsonObject } from '../model/json.ts'
import type { Session } from '../model/session.ts'
import type { Seconds } from '../model/time.ts'
import type { MountedProvider } from '../provider/contract.ts'
import type { Origins } from '../request/origins.ts'
import type { AuthPages } from '../request/response.ts'
import type { SessionRecord } from '../session/record.ts'
import type { Revocations } from '../session/revocation.ts'
import type { SessionSettings } from '../session/settings.ts'
import type { OnSignIn } from '../session/sign-in.ts'
import type { SessionStrategy } from '../session/strategy.ts'
import type { Vault } from '../vault/vault.ts'
import type { BearerProviders } from './bearer-providers.ts'
import type { RateLimit } from './rate-limit.ts'

/** Everything that the parts of one auth share. */
export interface AuthContext {
  readonly origins: Origins
  readonly callbackOrigin: string | null
  readonly basePath: string
  readonly trustedOrigins: ReadonlySet<string>
  readonly returnOrigins: ReadonlySet<string>
  readonly pages: AuthPages
  readonly vault: Vault
  readonly sessionSettings: SessionSettings
  readonly sessions: SessionStrategy
  readonly revocations: Revocations
  readonly providers: ReadonlyMap<string, MountedProvider>
  readonly bearers: BearerProviders
  /** Null where the app does not decide: then each sign-in begins a session of its own. */
  readonly onSignIn: OnSignIn | null
  readonly sessionResponse: ((session: Session) => JsonObject) | undefined
  readonly rateLimit: RateLimit | undefined
  readonly clock: () => Seconds
  /** Who is told of events: the app's own, and those that adapters added, by a name each. */
  readonly listeners: Map<string, EventListener>
  /** Whether any of them takes events now. */
  isHeard(): boolean
  emit(event: AuthEvent, frameworkRequest: FrameworkRequest): void
  /** Reports a session that lies too far in this process's future. */
  reportSkew(record: SessionRecord): void
  /** Runs work that ends with an event inside of what the listeners put around it. */
  around<End extends AuthEvent>(
    type: End['type'] & ('route.answered' | 'vendor.request'),
    work: () => Promise<End>,
  ): Promise<End>
}

/** What adapters find out about an auth. */
interface RememberedContext extends AuthContext {
  /** Where OPTIONS is core's too. */
  readonly crossOriginPaths: readonly string[]
}

/** Remembers what an auth is made of. */
export function rememberContext<Auth extends object>(auth: Auth, context: RememberedContext): Auth {
  contexts().set(auth, context)
  return auth
}

/** What an auth is made of; undefined for anything that did not come from `createAuth`. */
export function contextOf(auth: object): RememberedContext | undefined {
  return contexts().get(auth)
}

function contexts(): WeakMap<object, RememberedContext> {
  return processWide('auth-contexts', () => new WeakMap<object, RememberedContext>())
}
