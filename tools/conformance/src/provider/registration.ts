/** How the relying party is registered at the provider. */
export const registration = {
  clientId: 'f1b2c3d4-5e6f_conformance.x',
  clientSecret: 'an-example-secret_with.unreserved~characters',
  redirectUris: ['https://app.example/auth/wristband/callback', 'https://app.example/auth/openid/callback'],
  signOutUri: 'https://app.example/auth/logout/next',
  backChannelLogoutUri: 'https://app.example/auth/openid/backchannel-logout',
} as const

/** Where the application is, as browsers see it. */
export const appOrigin = 'https://app.example'

/** Who signs in, and in which tenant. */
export const user = {
  subject: 'subject-of-ada',
  /** Of the one session that she has at the provider. */
  sid: 'session-of-ada',
  tenant: 'acme',
  tenantId: 'tenant-id-of-acme',
  name: 'Ada Example',
  email: 'ada@acme.example',
  picture: 'https://acme.example/ada.png',
  phone: '+1 555 0100',
} as const
