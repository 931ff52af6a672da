import type { Cookies } from '../cookies/response-cookies.ts'
import { encodeBase64url, sha256 } from '../crypto/index.ts'
import { coreError } from '../errors/core-errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { Seconds } from '../model/time.ts'
import type { Transactions } from '../provider/contract.ts'
import type { Vault } from '../vault/vault.ts'

const defaultLifetimeSeconds = 600

const mostPending = 3

const digestBytes = 8

/** What a provider's transactions are bound to. */
export interface TransactionScope {
  readonly vault: Vault
  readonly clock: () => Seconds
  readonly cookies: Cookies
  /** What the cookies' names begin with: the session cookie's name and the provider's. */
  readonly cookiePrefix: string
  readonly audience: string
  /** The id of the session that is alive now, or null. */
  readonly sessionId: string | null
  /** Called when a login is redeemed, with the id of the session that it began in, or null. */
  onTake(sessionId: string | null): Promise<void>
}

interface Sealed<Data> {
  readonly id: string
  readonly name: string
  readonly data: Data
  readonly audience: string
  readonly sessionId: string | null
  readonly createdAt: Seconds
  readonly expiresAt: Seconds
}

/** Transactions that live in the browser, each in a sealed cookie of its own, and can be redeemed once. */
export function createTransactions<Data extends JsonObject>(name: string, scope: TransactionScope): Transactions<Data> {
  const { vault, clock, cookies, cookiePrefix } = scope

  const cookieOf = async (id: string): Promise<string> =>
    `${cookiePrefix}${encodeBase64url((await sha256(id)).slice(0, digestBytes))}`

  const open = async (cookie: string): Promise<Sealed<Data> | null> => {
    const sealed = cookies.sent.only(cookie)
    const opened = sealed === null ? null : await vault.open({ purpose: 'transaction', name: cookie }, sealed)
    if (opened === null) return null
    const content = JSON.parse(opened) as Sealed<Data>
    return content.audience === scope.audience ? content : null
  }

  const pendingCookies = (): readonly string[] => cookies.sent.namesWith(cookiePrefix)

  /** Keeps the newest that are still good, so that with one more there are `mostPending`. */
  const makeRoom = async (): Promise<void> => {
    const pending = await Promise.all(pendingCookies().map(async (cookie) => ({ cookie, content: await open(cookie) })))
    const beganAt = (content: Sealed<Data> | null): Seconds =>
      content === null || content.expiresAt <= clock() ? 0 : content.createdAt
    // Browsers send the older cookie first, and sorting keeps that order among those of one second.
    pending.sort((one, other) => beganAt(one.content) - beganAt(other.content))
    pending.forEach(({ cookie, content }, index) => {
      const isOneTooMany = index < pending.length - (mostPending - 1)
      if (isOneTooMany || beganAt(content) === 0) cookies.response.expire(cookie)
    })
  }

  return {
    async put(id, data, lifetime = defaultLifetimeSeconds) {
      await makeRoom()
      const createdAt = clock()
      const { audience, sessionId } = scope
      const content = { id, name, data, audience, sessionId, createdAt, expiresAt: createdAt + lifetime }
      const cookie = await cookieOf(id)
      const sealed = await vault.seal({ purpose: 'transaction', name: cookie }, JSON.stringify(content))
      cookies.response.set(cookie, sealed, { lifetime })
    },

    async take(id) {
      const cookie = await cookieOf(id)
      if (cookies.sent.only(cookie) === null) return null
      cookies.response.expire(cookie)
      const content = await open(cookie)
      if (content === null || content.id !== id || content.name !== name) return null
      const remaining = content.expiresAt - clock()
      if (remaining <= 0) throw coreError('auth/login_expired')
      if (!(await vault.markUsed(`transaction ${id}`, remaining))) throw coreError('auth/login_replayed')
      const { sessionId } = content
      if (sessionId !== null && scope.sessionId !== null && sessionId !== scope.sessionId) {
        throw coreError('auth/session_changed')
      }
      await scope.onTake(sessionId)
      return content.data
    },

    async clear() {
      for (const cookie of pendingCookies()) {
        const content = await open(cookie)
        if (content === null || content.name === name) cookies.response.expire(cookie)
      }
    },
  }
}
