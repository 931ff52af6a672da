import type { PublicSession } from '@latchkey/core'
import { readSession } from './read-session.ts'
import { failedState, isSameState, type SessionState, stateOf } from './session-state.ts'
import { secondsToNextLook } from './session-timer.ts'
import { openTabChannel, rememberShown, type TabChannel } from './tab-channel.ts'

/** The session of a page, outside of React. Its state changes by answers of the back end alone. */
export interface SessionStore {
  readonly basePath: string
  /** The same object as long as nothing changes. */
  getState(): SessionState
  /** The state that the server rendered, and that the page is hydrated with. */
  getInitialState(): SessionState
  subscribe(listener: () => void): () => void
  /** Asks the back end now; the promise resolves when the answer is in the state. Never rejects. */
  refetch(): Promise<void>
  /** The same, and has the other tabs ask, too. */
  changed(): Promise<void>
  /** Begins to keep the state fresh, until the function that it returns is called. */
  start(): () => void
}

/** What a store is made of. */
export interface SessionStoreOptions {
  readonly basePath: string
  readonly initialSession: PublicSession | undefined
}

const deadlineMilliseconds = 10_000

/** Who wants an answer: a message of another tab is not passed on. */
type Cause = 'here' | 'other-tab'

/** A look that waits behind the one that is under way: what that brings may be from before the change. */
interface QueuedLook {
  cause: Cause
  readonly done: Promise<void>
}

/**
 * Makes a store. That does nothing yet: React makes some that it never uses.
 *
 * @throws TypeError for a `basePath` that is neither a path nor an http(s) URL
 */
export function createSessionStore({ basePath: given, initialSession }: SessionStoreOptions): SessionStore {
  const basePath = checkBasePath(given)
  const initial: SessionState =
    initialSession === undefined ? { status: 'loading', session: null } : stateOf(initialSession)
  const listeners = new Set<() => void>()
  let state = initial
  let channel: TabChannel | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let controller = new AbortController()
  let running: Promise<void> | null = null
  let queued: QueuedLook | null = null

  const show = (next: SessionState, cause: Cause): void => {
    const isNews = rememberShown(basePath, next)
    if (isNews && cause === 'here') channel?.tell()
    if (isSameState(state, next)) return
    state = next
    for (const listener of listeners) listener()
  }

  const look = async (cause: Cause): Promise<void> => {
    const { signal } = controller
    if (signal.aborted) return
    const deadline = new AbortController()
    const give = (): void => deadline.abort()
    signal.addEventListener('abort', give)
    const patience = setTimeout(give, deadlineMilliseconds)
    let aheadMilliseconds = 0
    try {
      const answer = await readSession(basePath, deadline.signal)
      if (signal.aborted) return
      aheadMilliseconds = answer.aheadMilliseconds
      show(stateOf(answer.session), cause)
    } catch (thrown) {
      if (signal.aborted) return
      show(failedState(state, asError(thrown, deadline.signal.aborted)), cause)
    } finally {
      clearTimeout(patience)
      signal.removeEventListener('abort', give)
      if (!signal.aborted) schedule(Date.now() + aheadMilliseconds)
    }
  }

  const schedule = (nowMilliseconds: number): void => {
    clearTimeout(timer)
    if (channel === null) return
    const seconds = secondsToNextLook(state, nowMilliseconds / 1000)
    if (seconds !== null) timer = setTimeout(() => void ask('here'), seconds * 1000)
  }

  const ask = (cause: Cause): Promise<void> => {
    if (running === null) {
      const run = look(cause).finally(() => {
        if (running === run) running = null
      })
      running = run
      return run
    }
    if (queued !== null) {
      if (cause === 'here') queued.cause = 'here'
      return queued.done
    }
    const behind = running
    const wait = async (): Promise<void> => {
      await behind
      // Another one after a stop and a new start, or none.
      if (queued !== next) return
      queued = null
      await ask(next.cause)
    }
    const next: QueuedLook = { cause, done: wait() }
    queued = next
    return next.done
  }

  const start = (): (() => void) => {
    const onShown = (): void => {
      if (document.visibilityState === 'visible') void ask('here')
    }
    const onMessage = (): void => void ask('other-tab')
    controller = new AbortController()
    channel = openTabChannel(basePath, onMessage)
    const onPageShow = ({ persisted }: PageTransitionEvent): void => {
      // Back from the browser's cache, as it was left.
      if (persisted) void ask('here')
    }
    for (const type of ['focus', 'online']) addEventListener(type, onShown)
    addEventListener('pageshow', onPageShow)
    document.addEventListener('visibilitychange', onShown)
    void ask('here')
    return () => {
      for (const type of ['focus', 'online']) removeEventListener(type, onShown)
      removeEventListener('pageshow', onPageShow)
      document.removeEventListener('visibilitychange', onShown)
      channel?.close()
      channel = null
      clearTimeout(timer)
      controller.abort()
      running = null
      queued = null
    }
  }

  return {
    basePath,
    getState: () => state,
    getInitialState: () => initial,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    refetch: () => ask('here'),
    changed() {
      channel?.tell()
      return ask('here')
    },
    start,
  }
}

/** Not `//host`, which is another origin, and nothing that a browser would read otherwise than it looks. */
function checkBasePath(basePath: string): string {
  const isGood = /^(?:https?:\/\/[^/?#\\@\s]+)?(?:\/[A-Za-z0-9_-]+)+$/.test(basePath)
  if (!isGood) throw new TypeError('SessionProvider: `basePath` must be a path such as /auth, or an http(s) URL of one')
  return basePath
}

function asError(thrown: unknown, isLate: boolean): Error {
  if (isLate) return new Error('The session could not be read: the back end did not answer in time.')
  return thrown instanceof Error ? thrown : new Error('The session could not be read.')
}
