import type { RequestCookies } from '../cookies/request-cookies.ts'
import { sha256 } from '../crypto/index.ts'
import type { JsonObject } from '../model/json.ts'
import type { SealScope, Vault } from '../vault/vault.ts'
import type { PendingLogin } from './pending-logins.ts'

const digestCharacters = 11

/** A login that is under way, as its cookie holds it. */
export interface SealedLogin<Data> extends PendingLogin {
  /** The name of the cookie, which differs from one login to another: the key is the same for all of an auth. */
  readonly cookie: string
  readonly id: string
  readonly name: string
  readonly data: Data
  readonly origin: string
  readonly familyId: string | null
}

/** Where the cookies of logins are opened. */
export interface LoginCookieScope {
  /** Opens a sealed text. */
  readonly open: Vault['open']
  /** The session cookie's name: with it the names of all logins of one auth begin. */
  readonly cookieName: string
  readonly sent: RequestCookies
  readonly origin: string
}

/** What the names of one provider's login cookies begin with. */
export function loginCookiePrefix(cookieName: string, provider: string): string {
  return `${cookieName}.${provider}.`
}

/** The name of the cookie of the login with this id. */
export async function loginCookie(prefix: string, id: string): Promise<string> {
  return `${prefix}${(await sha256(id)).slice(0, digestCharacters)}`
}

/** What the logins of one auth are sealed for. A key for each cookie would have to be derived for each login. */
export function loginScope(cookieName: string): SealScope {
  return { purpose: 'login', name: cookieName }
}

/** Opens the cookie of a login that began at this origin; null for anything else. Asks no store. */
export async function openLogin<Data extends JsonObject>(
  { open, cookieName, sent, origin }: LoginCookieScope,
  cookie: string,
): Promise<SealedLogin<Data> | null> {
  const sealed = sent.only(cookie)
  const opened = sealed === null ? null : await open(loginScope(cookieName), sealed)
  if (opened === null) return null
  const content = JSON.parse(opened) as SealedLogin<Data>
  return content.cookie === cookie && content.origin === origin ? content : null
}
