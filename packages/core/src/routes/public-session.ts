import type { Identity, ProviderName } from '../model/identity.ts'
import type { JsonObject } from '../model/json.ts'
import type { Session } from '../model/session.ts'
import type { Seconds } from '../model/time.ts'

/** What `GET {basePath}/session` says of one identity. */
export interface PublicIdentity {
  readonly provider: string
  readonly subject: string
  readonly tenant?: { readonly id: string; readonly name?: string | undefined } | undefined
  readonly name?: string | undefined
  readonly email?: string | undefined
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

/**
 * What `GET {basePath}/session` answers for a session: for the first state of a page that the server renders. A `Session`
 * itself has whole profiles and the app's data, which are not for every page.
 *
 * @param app What `sessionResponse` of `createAuth` says of this session, if the app has one.
 */
export function publicSession(session: Session | null, app?: JsonObject): PublicSession {
  if (session === null) return { signedIn: false, identities: {} }
  const identities = Object.entries(session.identities as Readonly<Record<string, Identity>>)
  return {
    signedIn: true,
    expiresAt: session.expiresAt,
    user: publicIdentity(session.user),
    identities: Object.fromEntries(identities.map(([name, identity]) => [name, publicIdentity(identity)])),
    ...(app === undefined ? {} : { app }),
  }
}

function publicIdentity({ provider, subject, tenant, profile, authenticatedAt }: Identity): PublicIdentity {
  const { name, email } = profile
  return {
    provider,
    subject,
    ...(tenant === undefined
      ? {}
      : { tenant: { id: tenant.id, ...(tenant.name === undefined ? {} : { name: tenant.name }) } }),
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    ...(authenticatedAt === undefined ? {} : { authenticatedAt }),
  }
}
