import type { Auth, IdentityOf, ProviderName, SessionPatch, Tokens } from '@latchkey/core'
import { beginWithoutLogin, type SessionWithoutLogin } from '@latchkey/core/testing'

/** Who is to be signed in, by provider name; the first is `session.user`. Only `subject` has no default. */
export type TestIdentities = {
  readonly [Name in ProviderName]?:
    | (Partial<Omit<IdentityOf<Name>, 'provider' | 'signedInAt'>> & { readonly subject: string })
    | undefined
}

/** More of a {@link createTestSession}. */
export interface TestSessionOptions {
  /** Tokens, by provider name. Default: none. */
  readonly tokens?: { readonly [Name in ProviderName]?: Tokens | undefined } | undefined
  /** The app's own data. Default: none. */
  readonly data?: SessionPatch | undefined
  /** An address of the app: the host that the session is for. Default: the first of `baseUrl`. */
  readonly url?: string | undefined
}

/** A cookie as `addCookies` of a browser context of Playwright takes it. */
export interface TestCookie {
  /** The name. */
  readonly name: string
  /** The value. */
  readonly value: string
  /** The address that it belongs to. */
  readonly url: string
  /** Whether scripts cannot read it. */
  readonly httpOnly: true
  /** Whether it is sent over https alone. */
  readonly secure: true
  /** Which requests of other sites carry it. */
  readonly sameSite: 'Lax'
}

/** A browser that is signed in. */
export interface TestSession {
  /** The `Cookie` header of a request. */
  readonly cookie: string
  /** For Playwright: `context.addCookies([...cookies])`. */
  readonly cookies: readonly TestCookie[]
}

/**
 * Makes a signed-in cookie without a login, for tests of an app in any test runner: neither a vendor nor an emulator is
 * asked. With sessions in a store the record is put there.
 *
 * The issuer is the first account issuer of the provider by default, and the profile is empty. `authenticatedAt` is
 * absent, so that a step-up is not met unless the test gives it, with `authTimeSource`.
 *
 * @throws `core/invalid_option` without an identity, for an issuer that its provider does not have, or where the app keeps
 * sessions of its own; `core/unknown_host`; `core/session_too_large`
 */
export async function createTestSession(
  auth: Auth,
  identities: TestIdentities,
  options: TestSessionOptions = {},
): Promise<TestSession> {
  // By name: an app's own types of identities and data are plain records here.
  const session = { ...options, identities } as SessionWithoutLogin
  const { origin, setCookies } = await beginWithoutLogin(auth, session)
  const pairs = setCookies.map((line) => line.split(';', 1)[0] ?? '')
  // Chromium takes a Secure cookie for an https address alone, and sends it to http on loopback all the same.
  const url = origin.replace(/^http:/, 'https:')
  return { cookie: pairs.join('; '), cookies: pairs.map((pair) => testCookie(pair, url)) }
}

function testCookie(pair: string, url: string): TestCookie {
  const separator = pair.indexOf('=')
  const [name, value] = [pair.slice(0, separator), pair.slice(separator + 1)]
  return { name, value, url, httpOnly: true, secure: true, sameSite: 'Lax' }
}
