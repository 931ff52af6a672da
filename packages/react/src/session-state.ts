import type { PublicSession } from '@latchkey/core'

/** What `GET {basePath}/session` says of a user who is signed in. */
export type SignedInSession = Extract<PublicSession, { signedIn: true }>

/** What a page knows of its session. */
export type SessionState =
  /** Nothing yet: the first answer is awaited, and the server gave no `initialSession`. */
  | { readonly status: 'loading'; readonly session: null }
  | { readonly status: 'signed-out'; readonly session: null }
  | { readonly status: 'signed-in'; readonly session: SignedInSession }
  /** The session could not be read. What was known last stays; null if nothing was. */
  | { readonly status: 'error'; readonly session: PublicSession | null; readonly error: Error }

/** The state that an answer leads to. */
export function stateOf(session: PublicSession): SessionState {
  return session.signedIn ? { status: 'signed-in', session } : { status: 'signed-out', session: null }
}

/** The state after a failure: the last known session stays. */
export function failedState(before: SessionState, error: Error): SessionState {
  const session = before.status === 'signed-out' ? ({ signedIn: false, identities: {} } as const) : before.session
  return { status: 'error', session, error }
}

/** Whether two states would be rendered alike. Errors differ by what they say. */
export function isSameState(one: SessionState, other: SessionState): boolean {
  return (
    one.status === other.status &&
    JSON.stringify(one.session) === JSON.stringify(other.session) &&
    (one.status === 'error' ? one.error.message : '') === (other.status === 'error' ? other.error.message : '')
  )
}
