import { randomToken } from '../crypto/index.ts'
import { AuthError, isAuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import type { ErrorCode } from '../model/event.ts'
import type { Json } from '../model/json.ts'
import type { WorkOptions } from './shared-work.ts'
import type { Store } from './store.ts'

/** The longest that work may take: the deadline of a vendor's answer. */
const workSeconds = 5

/** Twice that and one more, so that a holder that was paused finds its lock gone, and not only its time. */
const lockSeconds = 2 * workSeconds + 1

const timeoutMilliseconds = (lockSeconds + 1) * 1000

const failureSeconds = 1

/** What fleet work needs of its vault. */
export interface FleetWorkTools {
  readonly store: Store
  seal(text: string): Promise<string>
  open(sealed: string): Promise<string | null>
}

type Result<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly status: number; readonly hint: string }

/**
 * Does a piece of work once for all processes that share a store: look for the result, take the lock, look again, work,
 * add the result, release. What is added first stays: a holder that was paused for longer than its lock lives does not
 * overwrite what another did meanwhile.
 *
 * No fence exists at the vendor: a holder that is killed after its request was sent leaves a result that no one has.
 */
export async function fleetWork<T extends Json>(
  tools: FleetWorkTools,
  key: string,
  options: WorkOptions<T>,
): Promise<T> {
  const { store } = tools
  const owner = randomToken(16)
  const giveUpAt = performance.now() + timeoutMilliseconds
  for (let attempt = 0; performance.now() < giveUpAt; attempt++) {
    const present = await resultOf<T>(tools, key)
    if (present !== null) return valueOf(present)
    const lockedAt = performance.now()
    if (await store.add(`lock:${key}`, owner, lockSeconds)) {
      try {
        return valueOf((await resultOf<T>(tools, key)) ?? (await workAndShare(tools, key, { options, lockedAt })))
      } finally {
        // A lock that cannot be released ends by itself; what was done holds.
        await store.remove(`lock:${key}`, owner).catch(() => false)
      }
    }
    if (options.busy === 'fail') throw coreError('core/work_under_way')
    await pause(attempt)
  }
  throw coreError('auth/store_unavailable', { cause: { reason: 'another process holds the lock' } })
}

async function workAndShare<T extends Json>(
  tools: FleetWorkTools,
  key: string,
  { options, lockedAt }: { readonly options: WorkOptions<T>; readonly lockedAt: number },
): Promise<Result<T>> {
  // With less than a whole deadline left, the lock could be another's before the work is done.
  if (performance.now() - lockedAt > (lockSeconds - workSeconds) * 1000) throw coreError('auth/store_unavailable')
  const result = await run(options)
  const isKept = result.kind === 'done' && options.keptAs?.(result.value) !== null
  const lifetime = isKept ? options.lifetime : failureSeconds
  try {
    if (await tools.store.add(`result:${key}`, await tools.seal(JSON.stringify({ ...result, key })), lifetime))
      return result
    const first = await resultOf<T>(tools, key)
    return first?.kind === 'done' ? first : result
  } catch {
    // The store is gone, but the work is done: its result is kept in this process, and not lost.
    return result
  }
}

async function run<T extends Json>({ work }: WorkOptions<T>): Promise<Result<T>> {
  try {
    return { kind: 'done', value: await work() }
  } catch (error) {
    if (!isAuthError(error)) throw error
    const { code, status, hint } = error
    return { kind: 'failed', code, status, hint }
  }
}

async function resultOf<T>({ store, open }: FleetWorkTools, key: string): Promise<Result<T> | null> {
  const sealed = await store.get(`result:${key}`)
  const text = sealed === null ? null : await open(sealed)
  const result = text === null ? null : (JSON.parse(text) as Result<T> & { readonly key: string })
  // A copy of another result is none.
  return result?.key === key ? result : null
}

function valueOf<T>(result: Result<T>): T {
  if (result.kind === 'done') return result.value
  throw new AuthError(result.code, { status: result.status, hint: result.hint })
}

/** From 15 to 200 milliseconds, spread so that waiters do not ask in step. */
function pause(attempt: number): Promise<void> {
  const base = Math.min(15 * 2 ** attempt, 200)
  const [spread = 0] = crypto.getRandomValues(new Uint8Array(1))
  return new Promise((resolve) => setTimeout(resolve, base * (0.75 + spread / 512)))
}
