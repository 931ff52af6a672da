import { type Auth, type RequestLike, isAuthError, type Session, type SessionRequirement } from '@latchkey/core/adapter'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { asNavigation } from './request-source.ts'

/** Options of `requireSession` in a page or Server Action. */
export interface RequireSessionOptions {
  /** Where the user comes back to after the sign-in: a path with its query. Default `/`: Next does not tell it. */
  readonly returnTo?: string
}

/** Reads the session of the request that is rendered, or whose Server Action runs. Nothing is written. */
export async function readRenderedSession(auth: () => Auth): Promise<Session | null> {
  // First: while a page is prerendered this ends it, and nothing is asked of the auth.
  const incoming = await renderedRequest()
  const { session } = await auth().read(incoming, { readOnly: true })
  return session
}

/** Reads that session, and goes elsewhere if it does not meet the requirement. */
export async function requireRenderedSession(
  auth: () => Auth,
  requirement: SessionRequirement,
  { returnTo = '/' }: RequireSessionOptions,
): Promise<Session> {
  const incoming = await renderedRequest()
  try {
    const { session } = await auth().requireSession(incoming, requirement, { readOnly: true })
    return session
  } catch (error) {
    if (!isAuthError(error)) throw error
    const location = auth().refusal(error, asNavigation(incoming.headers, returnTo)).headers.get('location')
    if (location === null) throw error
    return redirect(location)
  }
}

async function renderedRequest(): Promise<RequestLike> {
  const sent = await headers()
  // Next tells no method. What runs an action brings a body, and so its type; what opens a page does not.
  return { method: sent.has('content-type') ? 'POST' : 'GET', url: '/', headers: sent }
}
