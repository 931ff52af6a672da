/**
 * Sign-in with Wristband: a client that knows the protocol alone, and a provider that makes routes of it.
 *
 * @module
 */

export type { CustomDomainPolicy } from './application/custom-domains.ts'
export type { WristbandClientOptions } from './application/options.ts'
export type { LoginResult } from './client/finish-login.ts'
export type { MachineTokenRequest } from './client/machine-token.ts'
export type { SignOutOptions } from './client/sign-out.ts'
export type { LoginStart, StartLoginOptions } from './client/start-login.ts'
export type { WristbandClient } from './client/wristband-client.ts'
export { createWristbandClient } from './client/wristband-client.ts'
export type { WristbandErrorCode } from './model/errors.ts'
export { wristbandError } from './model/errors.ts'
export type { ChooseProfile, WristbandIdentity, WristbandProfile, WristbandTransaction } from './model/identity.ts'
export type { ResolveTenantId } from './tenant/proof.ts'
export type { TenantAddress, TenantReference } from './tenant/reference.ts'
export type { Tenancy } from './tenant/tenancy.ts'
export type { WristbandMountOptions, WristbandProviderOptions } from './wristband-provider.ts'
export { wristbandProvider } from './wristband-provider.ts'
