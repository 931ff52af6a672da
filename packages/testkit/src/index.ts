/**
 * What proves that a store of your own is one: suites for any test runner.
 *
 * @module
 */

export type { TestCookie, TestIdentities, TestSession, TestSessionOptions } from './session/test-session.ts'
export { testSession } from './session/test-session.ts'
export type { StoreContractOptions } from './store/store-contract.ts'
export { storeContract } from './store/store-contract.ts'
export type { TestRunner } from './test-runner.ts'
