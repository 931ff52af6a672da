import type { PublicSession } from '@latchkey/core'

/** An answer of `GET {basePath}/session`. */
export interface SessionAnswer {
  readonly session: PublicSession
  /** How far the server's clock is ahead of this one, in milliseconds; 0 where the page may not read it. */
  readonly aheadMilliseconds: number
}

/**
 * Asks the back end for the session.
 *
 * @throws Error where the answer is not that of this route: what cannot be understood is never taken for "signed out".
 */
export async function readSession(basePath: string, signal: AbortSignal): Promise<SessionAnswer> {
  const response = await fetch(`${basePath}/session`, {
    headers: { accept: 'application/json' },
    credentials: credentialsFor(basePath),
    cache: 'no-store',
    redirect: 'error',
    signal,
  })
  if (response.status !== 200) throw new Error(`The session could not be read: status ${response.status}.`)
  const session: unknown = await response.json().catch(() => null)
  if (!isPublicSession(session)) throw new Error('The session could not be read: the answer is not one of its route.')
  // Of another origin's answer a page may not read `Date`.
  const now = Date.parse(response.headers.get('date') ?? '')
  return { session, aheadMilliseconds: Number.isNaN(now) ? 0 : now - Date.now() }
}

/** Cookies go to the page's own origin, and to another one only where the app has named it as its back end. */
export function credentialsFor(basePath: string): RequestCredentials {
  return basePath.startsWith('/') ? 'same-origin' : 'include'
}

function isPublicSession(value: unknown): value is PublicSession {
  if (!isObject(value) || !isObject(value['identities'])) return false
  if (value['signedIn'] === false) return true
  return value['signedIn'] === true && Number.isFinite(value['expiresAt']) && isPublicIdentity(value['user'])
}

function isPublicIdentity(value: unknown): boolean {
  return isObject(value) && typeof value['provider'] === 'string' && typeof value['subject'] === 'string'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
