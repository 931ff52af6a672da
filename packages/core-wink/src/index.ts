export type { WinkBrowserTokens } from './browser-flow/finish-browser-login.ts'
export type {
  WinkBrowserLoginOptions,
  WinkBrowserLoginStart,
  WinkBrowserTransaction,
} from './browser-flow/start-browser-login.ts'
export type { WinkCredentials } from './credentials.ts'
export type { WinkEndpoints, WinkEnvironment, WinkHosts } from './environment.ts'
export type { WinkIdentity, WinkProfile } from './identity.ts'
export type { WinkAlgorithm, WinkOptions } from './options.ts'
export type { WinkLoginResult } from './server-flow/finish-login.ts'
export type { WinkSignOutOptions } from './server-flow/sign-out.ts'
export type { WinkLoginOptions, WinkLoginStart, WinkServerTransaction } from './server-flow/start-login.ts'
export type { WinkSessionOptions } from './session-api.ts'
export type { VerifyAccessTokenOptions } from './verify-access-token.ts'
export type { Wink } from './wink.ts'
export { createWink } from './wink.ts'
export type { WinkFlow, WinkLoginAttempt, WinkProviderOptions } from './wink-provider.ts'
export { winkProvider } from './wink-provider.ts'
