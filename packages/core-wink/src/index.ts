export type { WinkSessionOptions } from './api/session.ts'
export type {
  WinkBrowserLoginOptions,
  WinkBrowserLoginStart,
  WinkBrowserTokens,
} from './client/browser-login.ts'
export type { WinkIdentity, WinkProfile } from './client/identity.ts'
export type { WinkLoginOptions, WinkLoginResult, WinkLoginStart } from './client/server-login.ts'
export type { WinkSignOutOptions } from './client/sign-out.ts'
export type { WinkBrowserTransaction, WinkServerTransaction } from './client/transaction.ts'
export type { VerifyAccessTokenOptions } from './client/verify-access-token.ts'
export type { WinkClient } from './client/wink-client.ts'
export { createWinkClient } from './client/wink-client.ts'
export type { WinkEndpoints, WinkEnvironment, WinkHostEndpoints, WinkHosts } from './model/environment.ts'
export type { WinkAlgorithm, WinkClientAuthentication, WinkClientOptions } from './model/options.ts'
export type { WinkFlow, WinkProviderOptions, WinkRouteOptions } from './wink-provider.ts'
export { winkProvider } from './wink-provider.ts'
