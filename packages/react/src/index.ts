'use client'
/**
 * The session of a Latchkey back end in React 18 and 19: hooks, and a link and a button to sign in and out. All of it runs
 * in the page; nothing here ever holds a token or a secret.
 *
 * @module
 */

export type { SessionProviderProps } from './session-provider.ts'
export { SessionProvider, useSession, useUser } from './session-provider.ts'
export type { SessionState, SignedInSession } from './session-state.ts'
export type { SignInLinkProps } from './sign-in-link.ts'
export { SignInLink } from './sign-in-link.ts'
export type { SignOutButtonProps } from './sign-out-button.ts'
export { SignOutButton } from './sign-out-button.ts'
