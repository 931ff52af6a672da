import { randomToken } from '../crypto/index.ts'
import { AuthError, isAuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import type { ErrorCode } from '../model/event.ts'
import type { Json } from '../model/json.ts'
import { addExclusively, removeOwn, untilItSucceeds } from './exclusive-add.ts'
import type { WorkOptions } from './shared-work.ts'
import { readMany, type Store } from './store.ts'

/** The longest that work may take: the deadline of a vendor's answer. */
const workSeconds = 5

/** Twice that and one more, so that a holder that was paused finds its lock gone, and not only its time. */
const lockSeconds = 2 * workSeconds + 1

const timeoutMilliseconds = (lockSeconds + 1) * 1000

const failureSeconds = 1

/** One name of a piece of work, and the seal of the secret that makes it. */
export interface WorkName {
  readonly name: string
  seal(text: string): Promise<string>
}

/** What fleet work needs of its vault. */
export interface FleetWorkTools {
  readonly store: Store
  /** The names of the work, one for each listed secret, in an order on which all processes agree. */
  readonly names: readonly WorkName[]
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
export async function fleetWork<T extends Json>(tools: FleetWorkTools, options: WorkOptions<T>): Promise<T> {
  const { store, names } = tools
  const lock = { keys: names.map(({ name }) => `lock:${name}`), owner: randomToken(16), lifetime: lockSeconds }
  const giveUpAt = performance.now() + timeoutMilliseconds
  for (let attempt = 0; performance.now() < giveUpAt; attempt++) {
    const present = await resultOf<T>(tools)
    if (present !== null) return valueOf(present)
    const lockedAt = performance.now()
    if (await addExclusively(store, lock)) {
      // The lock is held until others can read the result, or ends by itself.
      let offering: Promise<unknown> | null = null
      try {
        const done = await lookAndWork(tools, { options, lockedAt })
        offering = done.offering
        return valueOf(done.result)
      } finally {
        if (offering === null) await removeOwn(store, lock)
        else void offering.then(() => removeOwn(store, lock))
      }
    }
    if (options.busy === 'fail') throw coreError('core/work_under_way')
    await pause(attempt)
  }
  throw coreError('auth/store_unavailable', { cause: { reason: 'another process holds the lock' } })
}

interface Done<T> {
  readonly result: Result<T>
  /** Where others cannot read the result yet: settles when they can, or when the lock ends. */
  readonly offering: Promise<unknown> | null
}

async function lookAndWork<T extends Json>(
  tools: FleetWorkTools,
  { options, lockedAt }: { readonly options: WorkOptions<T>; readonly lockedAt: number },
): Promise<Done<T>> {
  const present = await resultOf<T>(tools)
  if (present !== null) return { result: present, offering: null }
  // With less than a whole deadline left, the lock could be another's before the work is done.
  if (performance.now() - lockedAt > (lockSeconds - workSeconds) * 1000) throw coreError('auth/store_unavailable')
  const result = await run(options)
  try {
    return { result: await share(tools, { result, options }), offering: null }
  } catch {
    // The store is gone, but the work is done: it is kept in this process, and offered to others until the lock ends.
    const left = lockSeconds - (performance.now() - lockedAt) / 1000
    return { result, offering: untilItSucceeds(left, async () => void (await share(tools, { result, options }))) }
  }
}

/**
 * Adds a result under each name.
 *
 * @returns The result that others see: that of another who came first, unless it failed, or is a refusal and this one is not.
 */
async function share<T extends Json>(
  tools: FleetWorkTools,
  { result, options }: { readonly result: Result<T>; readonly options: WorkOptions<T> },
): Promise<Result<T>> {
  const { store, names } = tools
  const kindOf = (of: Result<T>) =>
    of.kind === 'failed' ? null : (options.keptAs?.(of.value) ?? keptByDefault(options))
  const lifetime = kindOf(result) === null ? failureSeconds : options.lifetime
  let seen = result
  for (const { name, seal } of names) {
    const key = `result:${name}`
    const sealed = await seal(JSON.stringify({ ...result, key: name }))
    if (await store.add(key, sealed, lifetime)) continue
    const other = await store.get(key)
    const first = other === null ? null : await openResult<T>(tools, name, other)
    // Of another's failure, or what is no result, nobody has anything.
    const isEmpty = first === null || first.kind === 'failed'
    const isBetter =
      result.kind === 'done' && (isEmpty || (kindOf(first) === 'refusal' && kindOf(result) !== 'refusal'))
    if (isBetter && other !== null) await store.replace(key, other, sealed, lifetime)
    else if (isBetter) await store.add(key, sealed, lifetime)
    else if (!isEmpty) seen = first
  }
  return seen
}

function keptByDefault<T extends Json>({ keptAs }: WorkOptions<T>): 'work' | null {
  return keptAs === undefined ? 'work' : null
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

/** The first result that is there under one of the names. */
async function resultOf<T>(tools: FleetWorkTools): Promise<Result<T> | null> {
  const { store, names } = tools
  const texts = await readMany(
    store,
    names.map(({ name }) => `result:${name}`),
  )
  for (const [index, { name }] of names.entries()) {
    const sealed = texts[index] ?? null
    const result = sealed === null ? null : await openResult<T>(tools, name, sealed)
    if (result !== null) return result
  }
  return null
}

async function openResult<T>({ open }: FleetWorkTools, name: string, sealed: string): Promise<Result<T> | null> {
  const text = await open(sealed)
  const result = text === null ? null : (JSON.parse(text) as Result<T> & { readonly key: string })
  // A copy of another result is none.
  return result?.key === name ? result : null
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
