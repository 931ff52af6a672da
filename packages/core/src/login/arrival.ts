import type { RequestCookies } from '../cookies/request-cookies.ts'
import type { JsonObject } from '../model/json.ts'
import type { Seconds } from '../model/time.ts'
import type { Origins } from '../request/origins.ts'
import type { Vault } from '../vault/vault.ts'
import { loginCookie, loginCookiePrefix, openLogin, type SealedLogin } from './login-cookies.ts'
import { readState, type StateContent } from './state.ts'

/** What a callback shows of its login before anything is read, marked or redeemed. */
export interface Arrival {
  /** Its `state`, if that is of this provider's logins at this origin; else null. */
  readonly state: string | null
  /** What that says. */
  readonly content: StateContent | null
  /**
   * Which login that is under way its cookies bring: that of the `state`, others of the provider alone, or none. With none
   * nobody can sign in, so that no session is read either.
   */
  readonly brings: 'login' | 'other-logins' | 'nothing'
  /** That of the `state`, opened; null for what brings none. */
  readonly login: SealedLogin<JsonObject> | null
}

/** What an arrival is judged by. */
export interface ArrivalScope {
  readonly vault: Vault
  readonly origins: Origins
  readonly clock: () => Seconds
  /** The session cookie's name: with it the names of the cookies of logins begin. */
  readonly cookieName: string
}

/** A callback to a provider's route. */
export interface ArrivingCallback {
  readonly provider: string
  readonly origin: string
  readonly state: string
  readonly sent: RequestCookies
}

/** So many cookies of other logins are opened at most. */
const mostOpened = 16

/** Judges a callback that names a `state`, by its MAC and its sealed cookies alone: a flood costs no command of a store. */
export async function judgeArrival(
  scope: ArrivalScope,
  { provider, origin, state, sent }: ArrivingCallback,
): Promise<Arrival> {
  const content = await readState(scope, provider, state)
  if (content === null || content.origin !== origin)
    return { state: null, content: null, brings: 'nothing', login: null }
  const prefix = loginCookiePrefix(scope.cookieName, provider)
  const openWith = async (open: Vault['open'], cookie: string): Promise<SealedLogin<JsonObject> | null> => {
    const login = await openLogin({ open, cookieName: scope.cookieName, sent, origin }, cookie)
    return login !== null && login.expiresAt > scope.clock() ? login : null
  }
  const login = await openWith(scope.vault.open, await loginCookie(prefix, state))
  if (login?.id === state) return { state, content, brings: 'login', login }
  for (const cookie of sent.namesWith(prefix).slice(-mostOpened)) {
    const isUnderWay = (await openWith(scope.vault.peek, cookie)) !== null
    if (isUnderWay) return { state, content, brings: 'other-logins', login: null }
  }
  return { state, content, brings: 'nothing', login: null }
}
