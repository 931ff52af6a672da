import type { Awaitable } from './json.ts'

/** Whether a value is still to come. By its `then`: an app may have put another class in the place of `Promise`. */
export function isPending<Value>(value: Awaitable<Value>): value is Promise<Value> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function'
}

/** Goes on with a value: at once where it is there, since waiting for it would cost more than most of what is done with it. */
export function andThen<Value, Result>(
  value: Awaitable<Value>,
  work: (value: Value) => Awaitable<Result>,
): Awaitable<Result> {
  return isPending(value) ? value.then(work) : work(value)
}

/** All values: at once where none is still to come. */
export function allOf<Value>(values: readonly Awaitable<Value>[]): Awaitable<readonly Value[]> {
  return values.some(isPending) ? Promise.all(values) : (values as readonly Value[])
}

/** Does work at the first call alone; once it is done, its result is there at once. Work that failed is not done again. */
export function remembered<Value>(work: () => Promise<Value>): () => Awaitable<Value> {
  let result: Awaitable<Value> | undefined
  return () => {
    result ??= work().then((value) => (result = value))
    return result
  }
}
