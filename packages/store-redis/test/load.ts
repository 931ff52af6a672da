import { createAuth, isAuthError, type Store } from '@latchkey/core'
import type { ProviderHost } from '@latchkey/core/provider'

/** How the calls of a load were answered. */
export interface Tally {
  done: number
  /** 503 `auth/store_unavailable` */
  refused: number
  /** Anything else. */
  other: number
  slowestMilliseconds: number
}

/** Calls without a pause. */
export interface Load {
  readonly tally: Readonly<Tally>
  /** Ends it, when every call is answered. */
  stop(): Promise<void>
}

/** Marks things as used through core: 4 at once, 100 times a second. */
export function startLoad(store: Store): Load {
  const { markUsed } = hostOn(store)
  const tally: Tally = { done: 0, refused: 0, other: 0, slowestMilliseconds: 0 }
  const calls = new Set<Promise<void>>()

  const call = async (): Promise<void> => {
    const startedAt = performance.now()
    try {
      if (await markUsed(crypto.randomUUID(), 60)) tally.done++
      else tally.other++
    } catch (error) {
      if (isAuthError(error) && error.code === 'auth/store_unavailable') tally.refused++
      else tally.other++
    }
    tally.slowestMilliseconds = Math.max(tally.slowestMilliseconds, Math.round(performance.now() - startedAt))
  }
  const timer = setInterval(() => {
    for (let index = 0; index < 4; index++) {
      const answered = call().then(() => void calls.delete(answered))
      calls.add(answered)
    }
  }, 10)

  return {
    tally,
    async stop() {
      clearInterval(timer)
      await Promise.all(calls)
    },
  }
}

/** What core gives a provider of an app on this store. */
function hostOn(store: Store): ProviderHost {
  const hosts: ProviderHost[] = []
  createAuth({
    baseUrl: 'https://app.example',
    secret: 'an-example-secret-of-32-bytes-or-more',
    store,
    providers: [
      {
        name: 'load',
        mount(host) {
          hosts.push(host)
          return { accountIssuers: [], routes: [] }
        },
      },
    ],
  })
  const [host] = hosts
  if (host === undefined) throw new Error('the provider was not mounted')
  return host
}
