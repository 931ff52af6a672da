export type { WinkSessionOptions } from './api/session.ts'
export type {
  WinkBrowserLoginOptions,
  WinkBrowserLoginStart,
  WinkBrowserTokens,
  WinkBrowserTransaction,
} from './client/browser-login.ts'
export type { WinkIdentity, WinkProfile } from './client/identity.ts'
export type { WinkTokens } from './client/refresh.ts'
export type { WinkLoginOptions, WinkLoginResult, WinkLoginStart, WinkServerTransaction } from './client/server-login.ts'
export type { WinkSignOutOptions } from './client/sign-out.ts'
export type { VerifyAccessTokenOptions } from './client/verify-access-token.ts'
export type { Wink } from './client/wink-client.ts'
export { createWinkClient } from './client/wink-client.ts'
export type { WinkEndpoints, WinkEnvironment, WinkHosts } from './model/environment.ts'
export type { WinkAlgorithm, WinkClientOptions } from './model/options.ts'
export type { WinkFlow, WinkLoginAttempt } from './routes/permission.ts'
export type { WinkProviderOptions } from './wink-provider.ts'
export { winkProvider } from './wink-provider.ts'
