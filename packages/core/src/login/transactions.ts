import type { Cookies } from '../cookies/response-cookies.ts'
import { coreError } from '../errors/core-errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { Seconds } from '../model/time.ts'
import type { Transactions } from '../provider/contract.ts'
import type { Vault } from '../vault/vault.ts'
import { loginCookie, loginCookiePrefix, loginScope, openLogin, type SealedLogin } from './login-cookies.ts'
import { makeRoom } from './pending-logins.ts'

const defaultLifetimeSeconds = 600

/** What a provider's transactions are bound to. */
export interface TransactionScope {
  readonly vault: Vault
  readonly clock: () => Seconds
  readonly cookies: Cookies
  /** The name of the session cookie, with which the cookies' names begin. */
  readonly cookieName: string
  readonly provider: string
  readonly origin: string
  /** The family of the session that is alive now, or null. */
  readonly familyId: string | null
  /** Whether a page of ours begins the login that is put now. */
  readonly isProven: boolean
  /** The login that the request was found to bring; null for none. */
  readonly arrived: SealedLogin<JsonObject> | null
  /** Called when a login is redeemed, with the family of the session in which a page of ours began it; null if none did. */
  onTake(provenIn: string | null): Promise<void>
}

/** Transactions that live in the browser, each in a sealed cookie of its own, and can be redeemed once. */
export function createTransactions<Data extends JsonObject>(name: string, scope: TransactionScope): Transactions<Data> {
  const { vault, clock, cookies } = scope
  const cookiePrefix = loginCookiePrefix(scope.cookieName, scope.provider)

  const open = (cookie: string): Promise<SealedLogin<Data> | null> =>
    openLogin({ open: vault.open, cookieName: scope.cookieName, sent: cookies.sent, origin: scope.origin }, cookie)

  return {
    async put(id, data, lifetime = defaultLifetimeSeconds) {
      const createdAt = clock()
      await makeRoom(cookies, { cookieName: scope.cookieName, cookiePrefix, now: createdAt, open })
      const { origin, familyId, isProven } = scope
      const expiresAt = createdAt + lifetime
      const cookie = await loginCookie(cookiePrefix, id)
      const content: SealedLogin<Data> = { cookie, id, name, data, origin, familyId, isProven, createdAt, expiresAt }
      const sealed = await vault.seal(loginScope(scope.cookieName), JSON.stringify(content))
      cookies.response.set(cookie, sealed, { lifetime })
    },
    async take(id) {
      const cookie = await loginCookie(cookiePrefix, id)
      if (cookies.sent.only(cookie) === null) return null
      cookies.response.expire(cookie)
      const { arrived } = scope
      // Opened when the request came: a second time proves nothing more.
      const content = arrived?.cookie === cookie ? (arrived as SealedLogin<Data>) : await open(cookie)
      if (content === null || content.id !== id || content.name !== name) return null
      const remaining = content.expiresAt - clock()
      if (remaining <= 0) throw coreError('auth/login_expired')
      if (!(await vault.markUsed('transaction', id, remaining))) throw coreError('auth/login_replayed')
      const { familyId, isProven } = content
      if (familyId !== null && scope.familyId !== null && familyId !== scope.familyId) {
        throw coreError('auth/session_changed')
      }
      await scope.onTake(isProven ? familyId : null)
      return content.data
    },
    async clear() {
      for (const cookie of cookies.sent.namesWith(cookiePrefix)) {
        const content = await open(cookie)
        if (content === null || content.name === name) cookies.response.expire(cookie)
      }
    },
  }
}
