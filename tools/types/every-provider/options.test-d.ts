// Options that no factory takes.
import { createAuth, createVault, type SessionOptions } from '@latchkey/core'
import { createWinkClient, winkProvider } from '@latchkey/core-wink'
import { createWiseClient, wiseProvider } from '@latchkey/core-wise'
import { createWristbandClient, wristbandProvider } from '@latchkey/core-wristband'

const vault = createVault({ secrets: ['an-example-secret-of-32-bytes-or-more'] })
const baseUrl = 'https://app.example'
const client = createWristbandClient({ clientId: 'a', clientSecret: 'b', applicationDomain: 'c.example' })
const sso = createWiseClient({ whiteLabelUrl: 'learn.example', jwtTokenSecret: 'an-example-secret' })

// @ts-expect-error no secret at all
createVault({ secrets: [] })
// @ts-expect-error a secret by itself
createVault({ secrets: 'an-example-secret-of-32-bytes-or-more' })
// @ts-expect-error half a store
createVault({ secrets: ['an-example-secret-of-32-bytes-or-more'], store: { get: async () => null } })

// @ts-expect-error no vault
createAuth({ baseUrl, providers: [] })
// @ts-expect-error an unknown option
createAuth({ baseUrl, vault, providers: [], cookieName: 'app' })
// @ts-expect-error a base path without its slash
createAuth({ baseUrl, vault, providers: [], basePath: 'auth' })
// @ts-expect-error a client is no provider
createAuth({ baseUrl, vault, providers: [client] })
// @ts-expect-error no such decision
createAuth({ baseUrl, vault, providers: [], onSignIn: () => ({ kind: 'merge' }) })
// @ts-expect-error a code without its prefix
createAuth({ baseUrl, vault, providers: [], onSignIn: () => ({ action: 'deny', code: 'other' }) })

export const sessions: readonly SessionOptions[] = [
  { kind: 'cookie', maxCookieBytes: 5000 },
  { kind: 'store', idleSeconds: 60 },
  { kind: 'own', signedIn() {} },
  // @ts-expect-error no such kind
  { kind: 'redis' },
  // @ts-expect-error an option of another kind
  { kind: 'store', maxCookieBytes: 5000 },
  // @ts-expect-error sessions of the app without a way into them
  { kind: 'own' },
]

// @ts-expect-error no application domain
createWristbandClient({ clientId: 'a', clientSecret: 'b' })
// @ts-expect-error no tenancy
wristbandProvider({ client })
// @ts-expect-error one tenant that has no name
wristbandProvider({ client, tenancy: { kind: 'single' } })
// @ts-expect-error members of two kinds
wristbandProvider({ client, tenancy: { kind: 'subdomain', tenant: 'acme' } })
// @ts-expect-error a host for each of two environments
createWinkClient({ clientId: 'a', clientSecret: 'b', environment: { apiUrl: 'https://api.example' } })
// @ts-expect-error no such environment
createWinkClient({ clientId: 'a', clientSecret: 'b', environment: 'test' })
// @ts-expect-error the client of another provider
winkProvider({ client })
// @ts-expect-error nobody says who the user is
wiseProvider({ sso })
// @ts-expect-error an unverified e-mail
wiseProvider({ sso, resolveUser: () => ({ email: 'ada@school.example', name: 'Ada', profile: 'student' }) })
// @ts-expect-error two keys
void sso.createRedirectUrl({ userId: 'u', vendorUserId: 'v', name: 'Ada', profile: 'student' })
