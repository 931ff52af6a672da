/** Names of the seeded users: the value of a login page's `user` buttons, too. */
export type UserName = 'ada' | 'bob' | 'grace' | 'gina' | 'mallory'

/** Names of the seeded tenants: the first label of a tenant's host. */
export type TenantName = 'acme' | 'globex' | 'evil'

/** A tenant as Wristband knows it. */
export interface Tenant {
  /** The first label of its host. */
  readonly name: TenantName
  /** What tokens and userinfo carry as `tnt_id`. */
  readonly id: string
  /** As pages show it. */
  readonly displayName: string
}

/** One human, as each of the three systems knows them. */
export interface User {
  /** The value of their button on a login page. */
  readonly name: UserName
  /** The given name. */
  readonly givenName: string
  /** The family name. */
  readonly familyName: string
  /** The verified address. */
  readonly email: string
  /** E.164. */
  readonly phoneNumber: string
  /** The year of birth. */
  readonly birthYear: number
  /** The tenant that they belong to. */
  readonly tenant: TenantName
  /** Their role at Wise. */
  readonly role: 'student' | 'teacher'
  /** Wristband's `sub`, and Wise's `vendorUserId`. */
  readonly subject: string
  /** Wink's pairwise `sub` for the seeded client. */
  readonly winkToken: string
  /** Wink's `preferred_username`. */
  readonly winkTag: string
  /** Wise's own `userId`. */
  readonly wiseUserId: string
}

/** What an application is configured with. Every secret is an example and opens nothing but this emulator. */
export interface SeededClients {
  readonly wristband: {
    readonly clientId: string
    readonly clientSecret: string
    readonly applicationId: string
    readonly loginUrl: string
  }
  readonly wink: { readonly clientId: string; readonly clientSecret: string }
  /** The secret is 32 hexadecimal digits, as Wise hands them out. */
  readonly wise: { readonly jwtTokenSecret: string }
}

export const clients: SeededClients = {
  wristband: {
    clientId: 'example-wristband-client',
    clientSecret: 'example-wristband-client-secret-for-the-emulator',
    applicationId: 'app_example',
    loginUrl: 'http://localhost:3001/auth/wristband/login',
  },
  wink: {
    clientId: 'example-wink-client',
    clientSecret: 'example-wink-client-secret-for-the-emulator',
  },
  wise: { jwtTokenSecret: 'e8a3b1e0e8a3b1e0e8a3b1e0e8a3b1e0' },
}

/** The name of an identity provider beside Wristband's own: an `idp_hint` of it skips Wristband's login page. */
export const externalIdentityProvider = 'example-workspace'

export const tenants: Readonly<Record<TenantName, Tenant>> = {
  acme: { name: 'acme', id: 'tnt_acme7k2m4p6q', displayName: 'Acme School' },
  globex: { name: 'globex', id: 'tnt_globex3r5t8v', displayName: 'Globex Academy' },
  evil: { name: 'evil', id: 'tnt_evil9w1x2y3z', displayName: 'Evil Corporation' },
}

export const users: Readonly<Record<UserName, User>> = {
  ada: {
    name: 'ada',
    givenName: 'Ada',
    familyName: 'Lovelace',
    email: 'ada@acme.example',
    phoneNumber: '+12025550101',
    birthYear: 1985,
    tenant: 'acme',
    role: 'student',
    subject: 'usr_ada4h6j8k2m5n7',
    winkToken: '0a1da000-5f1e-4c3b-9d2a-1c0ffee0ada0',
    winkTag: ';stage-ada',
    wiseUserId: '64f0ada00000000000000001',
  },
  bob: {
    name: 'bob',
    givenName: 'Bob',
    familyName: 'Babbage',
    email: 'bob@acme.example',
    phoneNumber: '+12025550102',
    birthYear: 1979,
    tenant: 'acme',
    role: 'student',
    subject: 'usr_bob3g5h7j9k2m4',
    winkToken: '0b0b0000-7a2c-4d5e-8f1b-2c0ffee0b0b0',
    winkTag: ';stage-bob',
    wiseUserId: '64f0b0b00000000000000002',
  },
  grace: {
    name: 'grace',
    givenName: 'Grace',
    familyName: 'Hopper',
    email: 'grace@acme.example',
    phoneNumber: '+12025550103',
    birthYear: 1976,
    tenant: 'acme',
    role: 'teacher',
    subject: 'usr_grace6q8r2s4t7',
    winkToken: '06ace000-3b4d-4e6f-a1c2-3c0ffee06ace',
    winkTag: ';stage-grace',
    wiseUserId: '64f06ace0000000000000003',
  },
  gina: {
    name: 'gina',
    givenName: 'Gina',
    familyName: 'Globe',
    email: 'gina@globex.example',
    phoneNumber: '+12025550104',
    birthYear: 1991,
    tenant: 'globex',
    role: 'student',
    subject: 'usr_gina5v7w9x3y6z',
    winkToken: '061a0000-9c8b-4a7d-b3e4-4c0ffee061a0',
    winkTag: ';stage-gina',
    wiseUserId: '64f061a00000000000000004',
  },
  mallory: {
    name: 'mallory',
    givenName: 'Mallory',
    familyName: 'Malice',
    email: 'mallory@evil.example',
    phoneNumber: '+12025550105',
    birthYear: 1969,
    tenant: 'evil',
    role: 'student',
    subject: 'usr_mallory2b4c6d8',
    winkToken: '0a110000-1d2e-4f3a-85b6-5c0ffee0a110',
    winkTag: ';stage-mallory',
    wiseUserId: '64f0a1100000000000000005',
  },
}

/** Their whole name, as a page shows it. */
export const fullName = (user: User): string => `${user.givenName} ${user.familyName}`

/** What stands for a face. */
export const initials = (user: User): string => `${user.givenName.charAt(0)}${user.familyName.charAt(0)}`

/** The user of that name, if there is one. */
export const findUser = (name: string | null): User | undefined =>
  Object.values(users).find((user) => user.name === name)

/** The tenant of that name, if there is one. */
export const findTenant = (name: string): Tenant | undefined =>
  Object.values(tenants).find((tenant) => tenant.name === name)
