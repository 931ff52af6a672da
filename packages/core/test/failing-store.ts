import { createMemoryStore, type Store } from '../src/index.ts'

/** Which calls to a store fail. */
export type Failing = (method: 'get' | 'set' | 'add' | 'replace' | 'remove', key: string) => boolean

export interface FailingStore {
  readonly store: Store
  /** From now on these calls fail, and no others. */
  failing(fails: Failing): void
}

/** A store in memory of which calls fail as it is told; none at first. */
export function createFailingStore(): FailingStore {
  const memory = createMemoryStore()
  let fails: Failing = () => false
  const check = (method: Parameters<Failing>[0], key: string): void => {
    if (fails(method, key)) throw new Error('the store is down')
  }
  return {
    failing(next) {
      fails = next
    },
    store: {
      async get(key) {
        check('get', key)
        return memory.get(key)
      },
      async set(key, ...rest) {
        check('set', key)
        return memory.set(key, ...rest)
      },
      async add(key, ...rest) {
        check('add', key)
        return memory.add(key, ...rest)
      },
      async replace(key, ...rest) {
        check('replace', key)
        return memory.replace(key, ...rest)
      },
      async remove(key, ...rest) {
        check('remove', key)
        return memory.remove(key, ...rest)
      },
    },
  }
}
