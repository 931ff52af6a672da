import { type User } from '../seed.ts'
import { type CallbackPlan, createCallbackPlan } from '../server/callback-faults.ts'
import type { EmulatorClock } from '../server/clock.ts'
import { createExpiringMap, type ExpiringMap } from '../server/expiring-map.ts'
import { createPlan, type Plan } from '../server/plan.ts'
import { createTokenSigner, type TokenSigner } from '../server/planned-tokens.ts'
import { createPrivateTokens, type PrivateTokens } from '../server/private-tokens.ts'
import { createSigningKeys, type SigningKeys } from '../server/signing-keys.ts'

export const vendor = 'Wink'
export const realm = 'wink'

/** Choices in which real servers differ or that nobody documents; they can be changed at any time. */
export interface WinkSwitches {
  /** Newer Keycloaks leave `nonce` out of access tokens. True by default. */
  nonceInAccessToken: boolean
  /** The `auth_time` of ID tokens: 0 as in Wink's own samples, by default, or the real time, in both tokens, or none. */
  authTime: 'zero' | 'real' | 'absent'
  /** How a cancelled capture ends: at the session's cancelUrl, by default, or at the redirect URI. */
  cancel: 'cancel-url' | 'access-denied'
  /** Whether a sign-out without an ID-token hint asks first, as Keycloak does. False by default. */
  confirmLogout: boolean
  /** What the third-party-cookies page says. `supported` by default. */
  thirdPartyCookies: 'supported' | 'unsupported'
  /** Which pages may read the token endpoint: those of registered origins, by default, or, wrongly, any or none. */
  tokenCors: 'exact' | 'any' | 'none'
  /** Whether the API answers 403 and HTML to the default names of HTTP libraries. False by default. */
  firewall: boolean
  /** The status of verify-client's refusals, which nobody documents. 401 by default. */
  verifyRefusalStatus: number
}

/** How a capture can end without a code: the browser's SDK starts again by itself, without a session. */
export type Interruption = (typeof interruptions)[number]

/** The names of all of them. */
export const interruptions = ['authentication-expired', 'login-session-state'] as const

/** What `POST /wink/v1/session` made: permission for one capture. */
export interface WinkSession {
  readonly returnUrl: string
  readonly cancelUrl: string
  used: boolean
}

/** A user whom this browser showed to Wink: Keycloak's single sign-on. */
export interface SsoSession {
  readonly sid: string
  readonly user: User
  readonly authenticatedAt: number
  ended: boolean
}

/** What a code stands for. */
export interface CodeGrant {
  readonly session: SsoSession
  readonly redirectUri: string
  readonly codeChallenge: string
  readonly nonce: string | null
  readonly scope: string
}

/** One running Wink emulator's memory. */
export interface WinkState {
  readonly issuer: string
  readonly clock: EmulatorClock
  readonly keys: SigningKeys
  readonly signer: TokenSigner
  readonly winkSessions: ExpiringMap<WinkSession>
  readonly ssoSessions: ExpiringMap<SsoSession>
  readonly codes: ExpiringMap<CodeGrant>
  /** Refresh tokens that may still be used, by their `jti`. */
  readonly refreshGrants: ExpiringMap<CodeGrant>
  /** Authorization requests on their way through the capture page. */
  readonly captureRequests: PrivateTokens
  readonly refreshTokenFormat: PrivateTokens
  readonly switches: WinkSwitches
  /**
   * Keycloak's Web Origins: whose pages may call the token endpoint and hold the capture page in a frame; every origin of this
   * machine while there is none.
   */
  readonly webOrigins: Set<string>
  /** Keycloak's Valid Redirect URIs; every address of this machine while there is none. */
  readonly redirectUris: Set<string>
  readonly callbacks: CallbackPlan
  readonly plannedInterruptions: Plan<Interruption>
  readonly plannedCodeLifetimes: Plan<number>
  readonly plannedProfiles: Plan<(profile: Record<string, unknown>) => Record<string, unknown>>
}

export function createWinkState(authUrl: string, clock: EmulatorClock): WinkState {
  const keys = createSigningKeys()
  return {
    issuer: `${authUrl}/realms/${realm}`,
    clock,
    keys,
    signer: createTokenSigner(keys),
    winkSessions: createExpiringMap(clock),
    ssoSessions: createExpiringMap(clock),
    codes: createExpiringMap(clock),
    refreshGrants: createExpiringMap(clock),
    captureRequests: createPrivateTokens(clock, { alg: 'HS256', typ: 'JWT' }),
    refreshTokenFormat: createPrivateTokens(clock, { alg: 'HS512', typ: 'JWT' }),
    switches: {
      nonceInAccessToken: true,
      authTime: 'zero',
      cancel: 'cancel-url',
      confirmLogout: false,
      thirdPartyCookies: 'supported',
      tokenCors: 'exact',
      firewall: false,
      verifyRefusalStatus: 401,
    },
    webOrigins: new Set(),
    redirectUris: new Set(),
    callbacks: createCallbackPlan(),
    plannedInterruptions: createPlan(),
    plannedCodeLifetimes: createPlan(),
    plannedProfiles: createPlan(),
  }
}
