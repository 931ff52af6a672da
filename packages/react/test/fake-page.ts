import { vi } from 'vitest'

/** What of a page a store uses. */
export interface FakePage {
  /** What the back end answers from now on: a session, a status, or a failure of the network. */
  answer: object | number | Error
  /** How often it was asked. */
  readonly asked: readonly { readonly url: string; readonly init: RequestInit }[]
  /** The messages that other tabs got. */
  readonly told: readonly unknown[]
  /** The time of the back end, in milliseconds since 1970. */
  serverNow: () => number
  dispatch(type: 'focus' | 'online' | 'pageshow' | 'visibilitychange', members?: object): void
  /** A message of another tab, or of whoever else runs on this origin. */
  hear(message: unknown): void
  /** Holds answers back until the function that it returns is called. */
  hold(): () => void
}

/** Puts a page in the place of the globals, until `vi.unstubAllGlobals()`. */
export function stubPage(): FakePage {
  const window = new EventTarget()
  const told: unknown[] = []
  const asked: { url: string; init: RequestInit }[] = []
  const channels = new Set<EventTarget>()
  let held: Promise<void> | undefined
  const page: FakePage = {
    answer: signedOut,
    asked,
    told,
    serverNow: () => Date.now(),
    dispatch: (type, members = {}) => void window.dispatchEvent(Object.assign(new Event(type), members)),
    hear: (data) => channels.forEach((channel) => channel.dispatchEvent(new MessageEvent('message', { data }))),
    hold() {
      let release = (): void => {}
      held = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
  }
  class Channel extends EventTarget {
    constructor() {
      super()
      channels.add(this)
    }
    postMessage(message: unknown): void {
      told.push(message)
    }
    close(): void {
      channels.delete(this)
    }
  }
  const kept = new Map<string, string>()
  vi.stubGlobal('BroadcastChannel', Channel)
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window))
  vi.stubGlobal('document', Object.assign(window, { visibilityState: 'visible' }))
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  })
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push({ url, init })
    const { answer } = page
    if (held !== undefined) await Promise.race([held, aborted(init.signal)])
    if (answer instanceof Error) throw answer
    if (typeof answer === 'number') return new Response(null, { status: answer })
    return Response.json(answer, { headers: { date: new Date(page.serverNow()).toUTCString() } })
  })
  return page
}

function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))))
}

export const signedOut: object = { signedIn: false, identities: {} }

/** What the back end answers for a user. */
export function signedIn(subject: string, expiresAt: number): object {
  const user = { provider: 'acme', subject }
  return { signedIn: true, expiresAt, user, identities: { acme: user } }
}
