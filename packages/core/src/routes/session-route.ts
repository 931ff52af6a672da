import type { Wiring } from '../context/auth-context.ts'
import type { Identity } from '../model/identity.ts'
import type { JsonObject } from '../model/json.ts'
import type { Session } from '../model/session.ts'
import { sessionOf } from '../session/record.ts'
import type { MountedRoute } from './route-table.ts'

export function sessionRoute({ basePath }: Wiring): MountedRoute {
  return {
    method: 'GET',
    path: `${basePath}/session`,
    from: 'anyone',
    provider: null,
    run: async (_request, { record }) => Response.json(sessionSummary(record === null ? null : sessionOf(record))),
  }
}

/** What `GET {basePath}/session` says to a page of ours: enough to greet a person, and no token. */
function sessionSummary(session: Session | null): JsonObject {
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
