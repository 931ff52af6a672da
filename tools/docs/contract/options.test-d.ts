// Options that no factory takes.
import { createAuth, type SessionOptions } from '@latchkey/core'
import { createWinkClient, winkProvider } from '@latchkey/core-wink'
import { createWiseClient, wiseProvider } from '@latchkey/core-wise'
import { createWristbandClient, wristbandProvider } from '@latchkey/core-wristband'

const secret = 'an-example-secret-of-32-bytes-or-more'
const baseUrl = 'https://app.example'
const client = createWristbandClient({ clientId: 'a', clientSecret: 'b', applicationDomain: 'c.example' })
const sso = createWiseClient({ whiteLabelUrl: 'learn.example', jwtTokenSecret: 'an-example-secret' })

// @ts-expect-error no secret
createAuth({ baseUrl, providers: [] })
// @ts-expect-error no secret at all
createAuth({ baseUrl, secret: [], providers: [] })
// @ts-expect-error half a store
createAuth({ baseUrl, secret, store: { get: async () => null }, providers: [] })
// @ts-expect-error an unknown option
createAuth({ baseUrl, secret, providers: [], cookieName: 'app' })
// @ts-expect-error a base path without its slash
createAuth({ baseUrl, secret, providers: [], basePath: 'auth' })
// @ts-expect-error a client is no provider
createAuth({ baseUrl, secret, providers: [client] })
// @ts-expect-error no such decision
createAuth({ baseUrl, secret, providers: [], onSignIn: () => ({ action: 'merge' }) })
// @ts-expect-error a code without its prefix
createAuth({ baseUrl, secret, providers: [], onSignIn: () => ({ action: 'deny', code: 'other' }) })

export const sessions: readonly SessionOptions[] = [
  { strategy: 'cookie', maxCookieBytes: 5000 },
  { strategy: 'store', idleSeconds: undefined },
  { strategy: 'external', onSignedIn() {} },
  // @ts-expect-error no such strategy
  { strategy: 'redis' },
  // @ts-expect-error an option of another strategy
  { strategy: 'store', maxCookieBytes: 5000 },
  // @ts-expect-error lifetimes of sessions that are the app's
  { strategy: 'external', idleSeconds: 60 },
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
// @ts-expect-error a client and options
wristbandProvider({ client, clientId: 'a', tenancy: { kind: 'query' } })
// @ts-expect-error nobody says who the user is
wiseProvider({ client: sso })
// @ts-expect-error an unverified e-mail
wiseProvider({ client: sso, resolveUser: () => ({ email: 'ada@school.example', name: 'Ada', profile: 'student' }) })
// @ts-expect-error two keys
void sso.createRedirectUrl({ userId: 'u', vendorUserId: 'v', name: 'Ada', profile: 'student' })
