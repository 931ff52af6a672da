import type { Cookies } from '../cookies/response-cookies.ts'
import type { Seconds } from '../model/time.ts'

/** What a login that is under way says of itself in its cookie. */
export interface PendingLogin {
  readonly createdAt: Seconds
  readonly expiresAt: Seconds
  /** Whether a page of ours began it. */
  readonly isProven: boolean
}

/** Where the logins that are under way are looked for. */
export interface PendingScope {
  /** The session cookie's name: with it the names of all logins of one auth begin. */
  readonly cookieName: string
  /** What the names of this provider's logins begin with. */
  readonly cookiePrefix: string
  readonly now: Seconds
  open(cookie: string): Promise<PendingLogin | null>
}

/** Of one provider. */
const mostPending = 5

/** Of all providers, beside the login that is begun now. */
const mostBytes = 2400

/** So many cookies are opened, and so many expired, whatever a request brings. */
const mostHandled = 16

/**
 * Makes room for one more login: at most five of a provider are under way in a browser, and all others together take up to
 * 2,400 bytes. The oldest goes first, and one that no page of ours began before one that a page of ours began: links of
 * another site push out no login of the user's own.
 */
export async function makeRoom(cookies: Cookies, scope: PendingScope): Promise<void> {
  const names = cookies.sent.namesWith(`${scope.cookieName}.`).filter(isLoginCookie(scope.cookieName))
  // Browsers send the older cookie first.
  const opened = await Promise.all(
    names.slice(-mostHandled).map(async (cookie) => ({ cookie, login: await scope.open(cookie) })),
  )
  const live = opened.filter((entry): entry is Pending => entry.login !== null && entry.login.expiresAt > scope.now)
  // Sorting keeps the order of what began in one second: newest first.
  live.reverse().sort((one, other) => rank(other) - rank(one))
  const kept = new Set<string>()
  let bytes = 0
  let ofProvider = 1
  for (const { cookie } of live) {
    const size = cookie.length + (cookies.sent.only(cookie)?.length ?? 0)
    const isOfProvider = cookie.startsWith(scope.cookiePrefix)
    if (bytes + size > mostBytes || (isOfProvider && ofProvider === mostPending)) continue
    kept.add(cookie)
    bytes += size
    if (isOfProvider) ofProvider++
  }
  const leftOver = names.filter((cookie) => !kept.has(cookie))
  for (const cookie of leftOver.slice(0, mostHandled)) cookies.response.expire(cookie)
}

interface Pending {
  readonly cookie: string
  readonly login: PendingLogin
}

/** A login by a page of ours comes before every other, and the newer before the older. */
function rank({ login }: Pending): number {
  return login.createdAt + (login.isProven ? 1e12 : 0)
}

/** Tells the cookies of logins, `{cookieName}.{provider}.{digest}`, from chunks of the session and from the sign-out. */
function isLoginCookie(cookieName: string): (cookie: string) => boolean {
  return (cookie) => /^[a-z][a-z0-9]{0,30}\.[A-Za-z0-9_-]{11}$/.test(cookie.slice(cookieName.length + 1))
}
