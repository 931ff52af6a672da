import type { Awaitable, Store } from '@latchkey/core'
import type { TestRunner } from '../test-runner.ts'
import type { ContractTest } from './contract-test.ts'
import { lifetimeContract } from './lifetime-contract.ts'
import { methodContract } from './method-contract.ts'
import { raceContract } from './race-contract.ts'
import { textContract } from './text-contract.ts'

/** Options of {@link storeContract}. */
export interface StoreContractOptions extends TestRunner {
  /**
   * Returns the store that a test runs against, once per test. It may always be the same one, and need not be empty:
   * each test has keys of its own.
   */
  create(): Awaitable<Store>
  /**
   * Lets whole seconds pass for the store: moves its clock, or waits. By default it waits, about 10 seconds in all.
   *
   * A store whose clock ticks in whole seconds may forget up to a second too early.
   */
  readonly wait?: ((seconds: number) => Awaitable<void>) | undefined
}

/**
 * Declares the tests that every store must pass: each sentence of the `Store` interface, texts as core writes them and
 * worse, lifetimes, and races of 500 calls.
 *
 * Needs no runner of its own, and throws errors that every runner shows. Run it in a process of its own against a real
 * database; a store that many nodes share should also pass it with a connection per call of `create`.
 *
 * @example
 * import { createMemoryStore } from '@latchkey/core'
 * import { storeContract } from '@latchkey/testkit'
 * import { describe, it } from 'node:test'
 *
 * storeContract({ describe, it, create: () => createMemoryStore() })
 */
export function storeContract({ describe, it, create, wait = waitInEarnest }: StoreContractOptions): void {
  const declare = (title: string, tests: readonly ContractTest[]): void => {
    describe(title, () => {
      for (const test of tests) {
        it(test.title, async () => {
          const prefix = `contract:${crypto.randomUUID()}:`
          await test.run({
            store: await create(),
            key: (name = '') => `${prefix}${name}`,
            wait: async (seconds) => wait(seconds),
          })
        })
      }
    })
  }
  declare('a store', methodContract)
  declare('the texts of a store', textContract)
  declare('the lifetimes of a store', lifetimeContract)
  declare('the races of a store', raceContract)
}

function waitInEarnest(seconds: number): Promise<void> {
  // Timers may fire a little early, and databases round.
  return new Promise((resolve) => void setTimeout(resolve, seconds * 1000 + 50))
}
