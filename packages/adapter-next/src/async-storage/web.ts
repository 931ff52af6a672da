/** A value that a function, and all that it waits for, can ask for without being given it. */
export interface AsyncStorage<Value> {
  run<Result>(value: Value, work: () => Result): Result
  getStore(): Value | undefined
}

/**
 * Makes a storage, by the class that Next puts on `globalThis` in its edge runtime.
 *
 * @see https://nextjs.org/docs/app/api-reference/edge
 */
export function createAsyncStorage<Value>(): AsyncStorage<Value> {
  const { AsyncLocalStorage } = globalThis as unknown as { AsyncLocalStorage: new () => AsyncStorage<Value> }
  return new AsyncLocalStorage()
}
