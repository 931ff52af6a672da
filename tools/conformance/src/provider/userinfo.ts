import type { Members } from './misbehaviour.ts'
import { person } from './registration.ts'

const claimsByScope: Readonly<Record<string, Members>> = {
  profile: { name: person.name, picture: person.picture },
  email: { email: person.email, email_verified: true },
  phone: { phone_number: person.phone, phone_number_verified: true },
  address: { address: { country: 'Exampleland' } },
  roles: { roles: [{ id: 'role-id', name: 'app:example:owner', display_name: 'Owner' }] },
}

/** What the scopes of a sign-in let userinfo say. */
export function userinfoOf(scope: string): Members {
  const claims: Members = {
    sub: person.subject,
    tnt_id: person.tenantId,
    app_id: 'example-application',
    idp_name: 'wristband',
  }
  return Object.assign(claims, ...scope.split(' ').map((name) => claimsByScope[name] ?? {})) as Members
}
