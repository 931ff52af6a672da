import { AsyncLocalStorage } from 'node:async_hooks'
import type { AsyncStorage } from './web.ts'

/** Makes a storage, by Node's own. */
export function createAsyncStorage<Value>(): AsyncStorage<Value> {
  return new AsyncLocalStorage<Value>()
}
