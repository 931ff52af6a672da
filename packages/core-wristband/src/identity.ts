import type { Identity } from '@latchkey/core'
import type { BaseProfile, JsonObject } from '@latchkey/core/provider'

/** A person as Wristband describes them. */
export interface WristbandProfile extends BaseProfile {
  /** The person's roles, with the scope `roles`. */
  readonly roles?: readonly { readonly id: string; readonly name: string; readonly displayName?: string }[]
  /** The application's own claims, as they are configured at Wristband. */
  readonly customClaims?: JsonObject
}

/** One person in one tenant. `tenant.id` is proven by Wristband; `tenant.name` is there only where `tenantId` proved it. */
export type WristbandIdentity = Identity<'wristband', WristbandProfile>

declare module '@latchkey/core' {
  interface Identities {
    wristband: WristbandIdentity
  }
}
