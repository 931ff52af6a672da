import { clients, type TenantName } from '../seed.ts'

/** What Wristband's dashboard says of the application; it can be changed at any time. */
export interface WristbandApplication {
  /** Where a login begins: it may hold `{tenant_name}`. Null leaves users at Wristband's own page. */
  loginUrl: string | null
  /** A login page of the application's own at which tenants are found. */
  customLoginPageUrl: string | null
  /** What `loginUrlTenantDomainSuffix` says: the parent of the application's tenant hosts. */
  tenantDomainSuffix: string | null
  /**
   * The separator. With an active custom domain tenants are `acme.localhost:4001` and the issuer is
   * `http://localhost:4001`; without it, `acme-app-example.localhost:4001` and the vanity domain. True by default.
   */
  customDomainActive: boolean
  /** Whether authorization requests without a tenant are answered on the application's own host. False by default. */
  authorizationRequests: boolean
  /** Whether the client has no secret: PKCE is mandatory then. False by default. */
  publicClient: boolean
  /** `custom_claims` of access tokens, ID tokens and userinfo; none by default. */
  customClaims: {
    readonly access?: Readonly<Record<string, unknown>>
    readonly id?: Readonly<Record<string, unknown>>
    readonly userinfo?: Readonly<Record<string, unknown>>
  }
  /** Hosts of tenants' own, without a port, such as `learn.acme.localhost`. */
  readonly customDomains: Map<string, TenantName>
  /**
   * Matched exactly; one may hold `{tenant_name}`. Every address of this machine is accepted while there is none. The SDK
   * configuration names one only while it is the only one.
   */
  readonly redirectUris: Set<string>
  /** Where a sign-out may go on; anywhere on this machine while there is none. */
  readonly logoutUrls: Set<string>
}

/** The application as it is seeded. */
export const createApplication = (): WristbandApplication => ({
  loginUrl: clients.wristband.loginUrl,
  customLoginPageUrl: null,
  tenantDomainSuffix: null,
  customDomainActive: true,
  authorizationRequests: false,
  publicClient: false,
  customClaims: {},
  customDomains: new Map(),
  redirectUris: new Set(),
  logoutUrls: new Set(),
})
