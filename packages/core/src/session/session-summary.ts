import type { JsonObject } from '../json.ts'
import type { Identity } from './identity.ts'
import type { Session } from './session.ts'

/** What `GET {basePath}/session` says to a page of ours: enough to greet a person, and no token. */
export function sessionSummary(session: Session | null): JsonObject {
  if (session === null) return { signedIn: false, identities: {} }
  const identities = Object.entries(session.identities as Readonly<Record<string, Identity>>)
  return {
    signedIn: true,
    expiresAt: session.expiresAt,
    identities: Object.fromEntries(identities.map(([provider, identity]) => [provider, identitySummary(identity)])),
  }
}

function identitySummary({ subject, tenant, profile, authenticatedAt }: Identity): JsonObject {
  return {
    subject,
    ...(tenant === undefined ? {} : { tenant }),
    ...(profile.name === undefined ? {} : { name: profile.name }),
    ...(profile.email === undefined ? {} : { email: profile.email }),
    ...(authenticatedAt === undefined ? {} : { authenticatedAt }),
  }
}
