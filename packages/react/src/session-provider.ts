import type { PublicIdentity, PublicSession } from '@latchkey/core'
import {
  type Context,
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import type { SessionState } from './session-state.ts'
import { createSessionStore, type SessionStore } from './session-store.ts'

/** Properties of {@link SessionProvider}. */
export interface SessionProviderProps {
  readonly children: ReactNode
  /** From the server, so that the first paint knows: `publicSession(await getSession())`. Never a `Session`. */
  readonly initialSession?: PublicSession | undefined
  /** Where the auth routes live. Default `/auth`; an absolute URL for a back end on another origin. */
  readonly basePath?: string | undefined
}

const StoreContext: Context<SessionStore | null> = createContext<SessionStore | null>(null)

/**
 * Reads the session, and keeps it fresh: when the page is shown or gets the focus, shortly before the session's end and
 * right after it, and when another tab says that something has changed. Reading never prolongs a session.
 *
 * @throws TypeError for a `basePath` that is neither a path nor an http(s) URL
 */
export function SessionProvider({ children, initialSession, basePath = '/auth' }: SessionProviderProps): ReactElement {
  // Of the first rendering: afterwards the page asks by itself.
  const [first] = useState(initialSession)
  const store = useMemo(() => createSessionStore({ basePath, initialSession: first }), [basePath, first])
  useEffect(() => store.start(), [store])
  return createElement(StoreContext.Provider, { value: store }, children)
}

/** The session's store. @throws Error outside of a `SessionProvider` */
export function useStore(): SessionStore {
  const store = useContext(StoreContext)
  if (store === null) throw new Error('Put a <SessionProvider> around what asks for the session.')
  return store
}

function useSessionState(): SessionState {
  const store = useStore()
  return useSyncExternalStore(store.subscribe, store.getState, store.getInitialState)
}

/**
 * The session as far as this page knows it, and `refetch()`, which asks the back end now and never rejects.
 *
 * @throws Error outside of a `SessionProvider`
 */
export function useSession(): SessionState & { refetch(): Promise<void> } {
  const { refetch } = useStore()
  const state = useSessionState()
  return useMemo(() => ({ ...state, refetch }), [state, refetch])
}

/**
 * The user who is signed in, or null. While the session cannot be read, the user who was known last.
 *
 * @throws Error outside of a `SessionProvider`
 */
export function useUser(): PublicIdentity | null {
  const { session } = useSessionState()
  return session?.signedIn === true ? session.user : null
}
