import { isAuthError, type Store } from '@latchkey/core'

/** A call to a store that has ended. */
export interface StoreCall {
  readonly operation: keyof Store
  /** Why it failed, as a store of ours says it, or `failed`; undefined where it did not. */
  readonly reason: string | undefined
  readonly seconds: number
}

const operations: ReadonlySet<unknown> = new Set<keyof Store>(['get', 'set', 'add', 'replace', 'remove', 'getMany'])

/** The same store, each of whose calls is reported once it has ended. What else the store can do, it still can. */
export function measureStore<Given extends Store>(store: Given, report: (call: StoreCall) => void): Given {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      const call = (...given: unknown[]): unknown => Reflect.apply(member, target, given)
      return operations.has(name) ? measured(name as keyof Store, call, report) : call
    },
  })
}

function measured(operation: keyof Store, call: (...given: unknown[]) => unknown, report: (call: StoreCall) => void) {
  return async (...given: unknown[]): Promise<unknown> => {
    const startedAt = performance.now()
    const end = (reason?: string): void =>
      report({ operation, reason, seconds: (performance.now() - startedAt) / 1000 })
    try {
      const result = await call(...given)
      end()
      return result
    } catch (error) {
      end(reasonOf(error))
      throw error
    }
  }
}

function reasonOf(error: unknown): string {
  const { reason } = (isAuthError(error) ? (error.cause ?? {}) : {}) as { readonly reason?: unknown }
  return typeof reason === 'string' ? reason : 'failed'
}
