/**
 * What proves that a store or a mount of your own is one: suites for any test runner.
 *
 * @module
 */

export type { Browser } from './mounts/browser.ts'
export type { ExampleApp, ExampleAppOptions } from './mounts/example-app.ts'
export { startExampleApp } from './mounts/example-app.ts'
export type { Assertion } from './mounts/example-provider.ts'
export type { ExampleAnswer, ExampleGuard, ExampleRoute, SeenRequest } from './mounts/example-routes.ts'
export { protectedMarker } from './mounts/example-routes.ts'
export type { HttpAnswer, HttpRequest } from './mounts/http-request.ts'
export type { Mount, MountSetup, RunningMount } from './mounts/mount.ts'
export type { MountContractOptions } from './mounts/mount-contract.ts'
export { adapterContract } from './mounts/mount-contract.ts'
export type { TestCookie, TestIdentities, TestSession, TestSessionOptions } from './session/test-session.ts'
export { testSession } from './session/test-session.ts'
export type { StoreContractOptions } from './store/store-contract.ts'
export { storeContract } from './store/store-contract.ts'
export type { TestRunner } from './test-runner.ts'
