import type { Tenant, TenantName, User } from '../seed.ts'
import { type CallbackPlan, createCallbackPlan } from '../server/callback-faults.ts'
import type { EmulatorClock } from '../server/clock.ts'
import { createExpiringMap, type ExpiringMap } from '../server/expiring-map.ts'
import { createPlan, type Plan } from '../server/plan.ts'
import { createTokenSigner, type TokenSigner } from '../server/planned-tokens.ts'
import { createPrivateTokens, type PrivateTokens } from '../server/private-tokens.ts'
import { createSigningKeys, type SigningKeys } from '../server/signing-keys.ts'
import { createApplication, type WristbandApplication } from './application.ts'
import { type ClientSecrets, createClientSecrets } from './client.ts'

/** Choices that Wristband does not document; they can be changed at any time. */
export interface WristbandSwitches {
  /** What a refresh answers: a new refresh token, the same one, or none. `rotate` by default. */
  rotation: 'rotate' | 'keep' | 'omit'
  /** What becomes of a refresh token that was already replaced. `accept` by default. */
  reuseRefresh: 'accept' | 'refuse' | 'revoke-family'
  /** How long a refresh token that was replaced is accepted all the same. 0 by default. */
  reuseGraceSeconds: number
}

/** A user signed in at a tenant's own host: Wristband's single sign-on. */
export interface SsoSession {
  readonly tenant: Tenant
  readonly user: User
  readonly authenticatedAt: number
  /** `wristband`, or the external identity provider that an `idp_hint` named. */
  readonly identityProvider: string
}

/** Everything that came out of one sign-in, and ends together. */
export interface Family extends SsoSession {
  readonly scope: string
  revoked: boolean
}

/** What a code stands for. */
export interface CodeGrant {
  readonly family: Family
  readonly redirectUri: string
  readonly codeChallenge: string | null
  readonly nonce: string | null
  used: boolean
}

/** One running Wristband emulator's memory. */
export interface WristbandState {
  /** The origin on plain `localhost`. */
  readonly url: string
  readonly clock: EmulatorClock
  readonly keys: SigningKeys
  readonly signer: TokenSigner
  readonly application: WristbandApplication
  readonly clientSecrets: ClientSecrets
  readonly callbacks: CallbackPlan
  readonly sessions: ExpiringMap<SsoSession>
  readonly codes: ExpiringMap<CodeGrant>
  readonly refreshTokens: ExpiringMap<{ readonly family: Family; replacedAt: number | null }>
  /** Authorization requests on their way through the login page. */
  readonly loginRequests: PrivateTokens
  readonly refreshTokenFormat: PrivateTokens
  readonly switches: WristbandSwitches
  readonly plannedUserinfo: Plan<(claims: Record<string, unknown>) => Record<string, unknown>>
  readonly plannedTenants: Plan<TenantName>
}

export function createWristbandState(url: string, clock: EmulatorClock): WristbandState {
  const keys = createSigningKeys()
  return {
    url,
    clock,
    keys,
    signer: createTokenSigner(keys),
    application: createApplication(),
    clientSecrets: createClientSecrets(),
    callbacks: createCallbackPlan(),
    sessions: createExpiringMap(clock),
    codes: createExpiringMap(clock),
    refreshTokens: createExpiringMap(clock),
    loginRequests: createPrivateTokens(clock, { alg: 'HS256', typ: 'JWT' }),
    refreshTokenFormat: createPrivateTokens(clock, { alg: 'HS256', typ: 'rt+JWT' }),
    switches: { rotation: 'rotate', reuseRefresh: 'accept', reuseGraceSeconds: 0 },
    plannedUserinfo: createPlan(),
    plannedTenants: createPlan(),
  }
}
