import type { Identity } from '@latchkey/core'
import type { BaseProfile, Json, JsonObject, Seconds } from '@latchkey/core/provider'
import type { StoredTokens } from '@latchkey/oidc'

/** What an identity keeps of a user. `profile` of `wristbandProvider` chooses it. */
export interface WristbandProfile extends BaseProfile {
  /** The user's roles, with the scope `roles`. */
  readonly roles?: readonly { readonly id: string; readonly name: string }[] | undefined
  /** The application's own claims, as they are configured at Wristband. Not kept by default. */
  readonly customClaims?: JsonObject | undefined
  /** The tenant's own domain if the user signed in there. They sign out there, too. Set after `profile` has chosen. */
  readonly tenantCustomDomain?: string | undefined
}

/** The app's function that chooses what an identity keeps. What is signed and what is not is given apart. */
export type ChooseProfile = (userinfo: JsonObject, others: { readonly signed: JsonObject | null }) => WristbandProfile

/** One user in one tenant. `tenant.id` is proven by Wristband; `tenant.name` is there only if `resolveTenantId` or `tenantId` proved it. */
export type WristbandIdentity = Identity<'wristband', WristbandProfile>

/** What a session keeps of the tokens of a login, sealed. Any `Tokens` may be read as one. */
export interface WristbandTokens extends StoredTokens {
  /** The name of the tenant that the user signed in at: where they sign out. Nothing proves it, so no identity shows it. */
  readonly tenantName?: string | undefined
}

declare module '@latchkey/core' {
  interface Identities {
    /** An identity of Wristband. */
    wristband: WristbandIdentity
  }
}

/**
 * What has to be remembered between `startLogin` and `finishLogin`: plain JSON that holds secrets. Keep it where only
 * this browser's callback finds it, and redeem it once.
 */
export interface WristbandTransaction extends Record<string, Json> {
  /** The secret of PKCE. */
  readonly codeVerifier: string
  /** What the ID token must repeat. */
  readonly nonce: string
  /** What the callback must repeat. */
  readonly state: string
  /** The redirect URI of the login. */
  readonly redirectUri: string
  /** The name of the tenant that the sign-in began with; null where it began without one. */
  readonly tenant: string | null
  /** The tenant's own domain that the sign-in began at, if it did. */
  readonly customDomain: string | null
  /** Where the app goes on. */
  readonly returnTo: string | null
  /** How long ago the user may have authenticated. */
  readonly maxAuthAgeSeconds: number | null
  /** The app's own, handed back by `finishLogin`. */
  readonly customState: JsonObject | null
  /** When the login began, in seconds since the Unix epoch. */
  readonly issuedAt: Seconds
}

/** How long a sign-in may take, in seconds. */
export const transactionLifetimeSeconds = 600
