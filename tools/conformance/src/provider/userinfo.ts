import type { Members } from './misbehaviour.ts'
import { user } from './registration.ts'

const claimsByScope: Readonly<Record<string, Members>> = {
  profile: { name: user.name, picture: user.picture },
  email: { email: user.email, email_verified: true },
  phone: { phone_number: user.phone, phone_number_verified: true },
  address: { address: { country: 'Exampleland' } },
  roles: { roles: [{ id: 'role-id', name: 'app:example:owner', display_name: 'Owner' }] },
}

/** What the scopes of a sign-in let userinfo say. */
export function userinfoOf(scope: string): Members {
  const claims: Members = {
    sub: user.subject,
    tnt_id: user.tenantId,
    app_id: 'example-application',
    idp_name: 'wristband',
  }
  return Object.assign(claims, ...scope.split(' ').map((name) => claimsByScope[name] ?? {})) as Members
}
