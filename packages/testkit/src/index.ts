/**
 * Test sessions and a test browser for apps; suites that show whether a store, an adapter or a provider of your own is
 * one, for any test runner.
 *
 * @module
 */

export type { AdapterContractOptions } from './adapter/adapter-contract.ts'
export { adapterContract } from './adapter/adapter-contract.ts'
export type { ExampleApp, ExampleAppOptions } from './adapter/example-app.ts'
export { startExampleApp } from './adapter/example-app.ts'
export type { ExampleAuth } from './adapter/example-auth.ts'
export { createExampleAuth } from './adapter/example-auth.ts'
export type { ExampleBrowser, ExampleBrowserTarget } from './adapter/example-browser.ts'
export { openExampleBrowser } from './adapter/example-browser.ts'
export type { Assertion } from './adapter/example-provider.ts'
export { exampleToken } from './adapter/example-provider.ts'
export type { ExampleAnswer, ExampleCalls, ExampleGuard, ExampleRoute, SeenRequest } from './adapter/example-routes.ts'
export { protectedMarker } from './adapter/example-routes.ts'
export type { Mount, MountSetup, RunningMount } from './adapter/mount.ts'
export type { CookieJar } from './browser/cookie-jar.ts'
export type { TestAnswer, TestBrowser, TestBrowserOptions, TestRequest } from './browser/test-browser.ts'
export { createTestBrowser } from './browser/test-browser.ts'
export type { ProviderContractOptions } from './provider/provider-contract.ts'
export { providerContract } from './provider/provider-contract.ts'
export type { ProviderSubject, VendorDouble, VendorSurroundings, VisitOutcome } from './provider/vendor-double.ts'
export type { TestCookie, TestIdentities, TestSession, TestSessionOptions } from './session/create-test-session.ts'
export { createTestSession } from './session/create-test-session.ts'
export type { StoreContractOptions } from './store/store-contract.ts'
export { storeContract } from './store/store-contract.ts'
export type { TestRunner } from './test-runner.ts'
