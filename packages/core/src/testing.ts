import type { Auth } from './auth.ts'
import { type AuthContext, contextOf } from './context/auth-context.ts'
import { requestCookies } from './cookies/request-cookies.ts'
import { responseCookies } from './cookies/response-cookies.ts'
import { randomToken } from './crypto/index.ts'
import { invalidOption } from './errors/options.ts'
import type { Identity, Tokens } from './model/identity.ts'
import type { Json, JsonObject } from './model/json.ts'

/** Who is signed in, without having signed in. Only `subject` has no default. */
export interface IdentityWithoutLogin extends Partial<Omit<Identity, 'provider' | 'signedInAt'>> {
  /** The user's id. */
  readonly subject: string
}

/** A session, without a login. */
export interface SessionWithoutLogin {
  /** By provider name; the first is `session.user`. Each is signed in now, at its provider's first account issuer. */
  readonly identities: Readonly<Record<string, IdentityWithoutLogin | undefined>>
  /** The tokens of the identities; none by default. */
  readonly tokens?: Readonly<Record<string, Tokens | undefined>> | undefined
  /** The app's own data; none by default. */
  readonly data?: Readonly<Record<string, Json | undefined>> | undefined
  /** An address of the app: its host is the one that the session is for. Default: the first of `baseUrl`. */
  readonly url?: string | undefined
}

/**
 * Begins a session without a login: for the tests of an app, through `@latchkey/testkit`. It is no way around a login from
 * outside: code that can call it runs in the app's own process.
 *
 * @returns The origin that the session is for, and the values of the Set-Cookie lines.
 * @throws `core/invalid_option`, `core/unknown_host`, `core/session_too_large`, `auth/store_unavailable`
 */
export async function beginWithoutLogin(
  auth: Auth,
  { identities, tokens = {}, data = {}, url }: SessionWithoutLogin,
): Promise<{ readonly origin: string; readonly setCookies: readonly string[] }> {
  const context = contextOf(auth)
  if (context === undefined) throw invalidOption('beginWithoutLogin', 'auth', 'must come from createAuth')
  if (context.sessionSettings.strategy === 'external') {
    throw invalidOption('beginWithoutLogin', 'auth', 'must keep the sessions: those of the app are its own to begin')
  }
  const given = Object.entries(withoutUndefined(identities))
  const [[userProvider] = []] = given
  if (userProvider === undefined) throw invalidOption('beginWithoutLogin', 'identities', 'must hold at least one')
  const address = url ?? context.origins.primary
  if (!URL.canParse(address)) throw invalidOption('beginWithoutLogin', 'url', 'must be an address of the app')
  const { host, href } = new URL(address)
  const headers = { get: (name: string) => (name === 'host' ? host : null) }
  const { origin } = context.origins.resolve({ method: 'GET', url: href, headers })
  const now = context.clock()
  const cookies = { sent: requestCookies(null), response: responseCookies() }
  const id = randomToken(16)
  const record = {
    id,
    familyId: id,
    createdAt: now,
    absoluteExpiresAt: now + context.sessionSettings.absoluteSeconds,
    generation: 0,
    origin,
    userProvider,
    identities: Object.fromEntries(
      given.map(([provider, identity]) => [provider, identityWithoutLogin(context, provider, identity)]),
    ),
    tokens: withoutUndefined(tokens),
    sids: {},
    epochs: {},
    refreshedAt: null,
    data: withoutUndefined(data) as JsonObject,
  }
  await context.sessions.begin(cookies, { previous: null, continues: false, make: () => record })
  return { origin, setCookies: cookies.response.lines() }
}

/** An identity of an account issuer that its provider has now: of any other it would be gone at the first read. */
function identityWithoutLogin(
  { providers, clock }: AuthContext,
  provider: string,
  given: IdentityWithoutLogin,
): Identity {
  const issuers = providers.get(provider)?.accountIssuers ?? []
  const { issuer = issuers[0], profile = {}, ...others } = given
  if (issuer === undefined) {
    throw invalidOption('beginWithoutLogin', 'identities', 'must be of installed providers that sign users in')
  }
  if (!issuers.includes(issuer)) {
    throw invalidOption('beginWithoutLogin', 'identities', 'must have an account issuer of their provider')
  }
  return { ...others, issuer, profile, provider, signedInAt: clock() }
}

function withoutUndefined<Member>(members: Readonly<Record<string, Member | undefined>>): Record<string, Member> {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Member] => entry[1] !== undefined),
  )
}
