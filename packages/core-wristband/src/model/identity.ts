import type { Identity } from '@latchkey/core'
import type { BaseProfile, Json, JsonObject, Seconds } from '@latchkey/core/provider'

/** A user as Wristband describes them. */
export interface WristbandProfile extends BaseProfile {
  /** The user's roles, with the scope `roles`. */
  readonly roles?: readonly { readonly id: string; readonly name: string; readonly displayName?: string }[]
  /** The application's own claims, as they are configured at Wristband. */
  readonly customClaims?: JsonObject
  /** The tenant's own domain, where the user signed in at it: where they sign out, too. */
  readonly tenantCustomDomain?: string
}

/** All that Wristband says of a user, by the scopes that were asked for. */
export interface WristbandUserinfo extends Omit<WristbandProfile, 'tenantCustomDomain'> {
  readonly subject: string
  readonly tenantId?: string
  readonly applicationId?: string
  /** The name of the identity provider by which the user signs in at Wristband. */
  readonly identityProvider?: string
  readonly givenName?: string
  readonly middleName?: string
  readonly familyName?: string
  readonly nickname?: string
  readonly displayName?: string
  readonly phoneNumber?: string
  readonly phoneNumberVerified?: boolean
  readonly gender?: string
  readonly birthdate?: string
  readonly timeZone?: string
  readonly locale?: string
  /** In whole seconds. */
  readonly updatedAt?: number
}

/** One user in one tenant. `tenant.id` is proven by Wristband; `tenant.name` is there only where `tenantId` proved it. */
export type WristbandIdentity = Identity<'wristband', WristbandProfile>

declare module '@latchkey/core' {
  interface Identities {
    wristband: WristbandIdentity
  }
}

/**
 * What has to be remembered between `startLogin` and `finishLogin`: plain JSON that holds secrets. Keep it where only
 * this browser's callback finds it, and redeem it once.
 */
export interface WristbandTransaction extends Record<string, Json> {
  readonly codeVerifier: string
  readonly nonce: string
  readonly state: string
  readonly redirectUri: string
  /** The name of the tenant that the sign-in began with; null where it began without one. */
  readonly tenant: string | null
  /** The tenant's own domain that the sign-in began at, if it did. */
  readonly customDomain: string | null
  readonly returnTo: string | null
  readonly maxAuthAgeSeconds: number | null
  /** The app's own, handed back by `finishLogin`. */
  readonly customState: JsonObject | null
  readonly issuedAt: Seconds
}

/** How long a sign-in may take, in seconds. */
export const transactionLifetimeSeconds = 600
