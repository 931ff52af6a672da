/**
 * What proves that a store of your own is one: suites for any test runner.
 *
 * @module
 */

export type { StoreContractOptions } from './store/store-contract.ts'
export { storeContract } from './store/store-contract.ts'
export type { TestRunner } from './test-runner.ts'
