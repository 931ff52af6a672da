import type { RequestScope } from '@latchkey/core/adapter'
import type { AsyncStorage } from './async-storage/web.ts'

/** A request that `route` handles. */
export interface GuardedRequest {
  /** All calls to the auth for this request. */
  readonly scope: RequestScope
  /** False once the response has its headers. */
  isOpen: boolean
}

/** Where the functions of a mount find the request that `route` handles right now. */
export type GuardedRequests = AsyncStorage<GuardedRequest>
