import type { AuthContext } from '../context/auth-context.ts'
import type { Identity, ProviderName } from '../model/identity.ts'
import type { JsonObject } from '../model/json.ts'
import type { Session } from '../model/session.ts'
import type { Seconds } from '../model/time.ts'
import { sessionFrom } from '../session/record.ts'
import type { MountedRoute } from './route-table.ts'

/** What `GET {basePath}/session` says of one identity. */
export interface PublicIdentity {
  /** The name of the provider. */
  readonly provider: string
  /** The user's id there. */
  readonly subject: string
  /** The tenant that was proven. */
  readonly tenant?: { readonly id: string; readonly name?: string | undefined } | undefined
  /** The name, for a page. */
  readonly name?: string | undefined
  /** The e-mail address, for a page. */
  readonly email?: string | undefined
  /** When the user last authenticated. */
  readonly authenticatedAt?: Seconds | undefined
}

/** What `GET {basePath}/session` answers: enough to greet a user, and no token. */
export type PublicSession =
  | { readonly signedIn: false; readonly identities: Readonly<Record<string, never>> }
  | {
      readonly signedIn: true
      readonly expiresAt: Seconds
      readonly user: PublicIdentity
      readonly identities: { readonly [Name in ProviderName]?: PublicIdentity | undefined }
      /** From `sessionResponse`. */
      readonly app?: JsonObject | undefined
    }

/** `GET {basePath}/session`: 200 either way. It never extends the idle time. */
export function sessionRoute({ basePath, sessionResponse }: AuthContext): MountedRoute {
  return {
    method: 'GET',
    path: `${basePath}/session`,
    accepts: 'any',
    kind: 'session',
    provider: null,
    async run(_request, { record }) {
      const session = record === null ? null : sessionFrom(record)
      const app = session === null ? undefined : sessionResponse?.(session)
      return Response.json(publicSession(session, app))
    },
  }
}

function publicSession(session: Session | null, app: JsonObject | undefined): PublicSession {
  if (session === null) return { signedIn: false, identities: {} }
  const identities = Object.entries(session.identities as Readonly<Record<string, Identity>>)
  return {
    signedIn: true,
    expiresAt: session.expiresAt,
    user: publicIdentity(session.user),
    identities: Object.fromEntries(identities.map(([name, identity]) => [name, publicIdentity(identity)])),
    app,
  }
}

function publicIdentity({ provider, subject, tenant, profile, authenticatedAt }: Identity): PublicIdentity {
  const { name, email } = profile
  return { provider, subject, tenant, name, email, authenticatedAt }
}
