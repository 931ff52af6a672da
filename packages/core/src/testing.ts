import type { Auth } from './auth.ts'
import { contextOf } from './context/auth-context.ts'
import { requestCookies } from './cookies/request-cookies.ts'
import { responseCookies } from './cookies/response-cookies.ts'
import { randomToken } from './crypto/index.ts'
import { invalidOption } from './errors/options.ts'
import type { Identity, Tokens } from './model/identity.ts'
import type { JsonObject } from './model/json.ts'

/** Who is signed in, without having signed in. */
export interface SessionWithoutLogin {
  /** By provider name; the first is `session.user`. Each is signed in now. */
  readonly identities: Readonly<Record<string, Omit<Identity, 'provider' | 'signedInAt'>>>
  readonly tokens?: Readonly<Record<string, Tokens>>
  readonly data?: JsonObject
  /** An address of the app: its host is the one that the session is for. Default: the first of `baseUrl`. */
  readonly url?: string
}

/**
 * Begins a session without a login: for the tests of an app, through `@latchkey/testkit`. It is no way around a login from
 * outside: whoever can call it runs in the app's own process.
 *
 * @returns The origin that the session is for, and the values of the Set-Cookie lines.
 * @throws `core/invalid_option`, `core/unknown_host`, `core/session_too_large`, `auth/store_unavailable`
 */
export async function beginWithoutLogin(
  auth: Auth,
  { identities, tokens = {}, data = {}, url }: SessionWithoutLogin,
): Promise<{ readonly origin: string; readonly setCookies: readonly string[] }> {
  const context = contextOf(auth)
  const [userProvider] = Object.keys(identities)
  if (context === undefined) throw invalidOption('beginWithoutLogin', 'auth', 'must come from createAuth')
  if (context.sessionSettings.strategy === 'external') {
    throw invalidOption('beginWithoutLogin', 'auth', 'must keep the sessions: those of the app are its own to begin')
  }
  if (userProvider === undefined) throw invalidOption('beginWithoutLogin', 'identities', 'must hold at least one')
  const address = url ?? context.origins.primary
  if (!URL.canParse(address)) throw invalidOption('beginWithoutLogin', 'url', 'must be an address of the app')
  const { host, href } = new URL(address)
  const headers = { get: (name: string) => (name === 'host' ? host : null) }
  const { origin, audience } = context.origins.resolve({ method: 'GET', url: href, headers })
  const now = context.clock()
  const cookies = { sent: requestCookies(null), response: responseCookies() }
  const record = {
    id: randomToken(16),
    createdAt: now,
    absoluteExpiresAt: now + context.sessionSettings.absoluteSeconds,
    generation: 0,
    audience,
    userProvider,
    identities: Object.fromEntries(
      Object.entries(identities).map(([provider, identity]) => [provider, { ...identity, provider, signedInAt: now }]),
    ),
    tokens,
    sids: {},
    refreshedAt: null,
    data,
  }
  await context.sessions.begin(cookies, record, { previous: null, continues: false })
  return { origin, setCookies: cookies.response.lines() }
}
