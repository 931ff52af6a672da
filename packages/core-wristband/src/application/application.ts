import {
  checkOptions,
  createVendorReports,
  createWork,
  type Seconds,
  systemClock,
  type VendorReports,
} from '@latchkey/core/provider'
import type { SignatureAlgorithm } from '@latchkey/oidc'
import type { ChooseProfile } from '../model/identity.ts'
import { applicationOriginOf } from '../tenant/domains.ts'
import type { ResolveTenantId } from '../tenant/proof.ts'
import { type ConfigurationSource, createConfigurationSource } from './configuration.ts'
import type { Connection } from './connection.ts'
import { type WristbandClientOptions, wristbandClientRules } from './options.ts'

/** A Wristband application, its options checked: a plain value that the functions of this package take. */
export interface Application {
  readonly clientId: string
  readonly applicationDomain: string
  /** The application's own origin: token endpoint, userinfo, keys. */
  readonly origin: string
  readonly configuration: ConfigurationSource
  readonly issuers: readonly [string, ...string[]]
  readonly accountIssuer: string
  readonly scopes: readonly string[]
  readonly resolveTenantId: ResolveTenantId | undefined
  /** What identities keep of userinfo; undefined for the profile that they have by default. */
  readonly profile: ChooseProfile | undefined
  readonly allowedClientIds: ReadonlySet<string>
  readonly algorithms: readonly SignatureAlgorithm[]
  /** Does work once for all who share the client secret. */
  readonly work: ReturnType<typeof createWork>
  /** Where each request to Wristband is reported. */
  readonly reports: VendorReports
  /** What speaks to Wristband; one for all who ask. */
  connection(): Promise<Connection>
  readonly clock: () => Seconds
}

const defaultScopes = ['openid', 'offline_access', 'profile', 'email', 'roles']

/**
 * Checks the options of an application. The OpenID Connect client behind it is made with its first request.
 *
 * @throws `core/invalid_option`
 */
export function createApplication(given: WristbandClientOptions): Application {
  const options = checkOptions('createWristbandClient', given, wristbandClientRules)
  const { clientId, clientSecret, applicationDomain, algorithms = ['RS256'], clock } = options
  const origin = applicationOriginOf(applicationDomain)
  const [issuer = origin, ...otherIssuers] = options.issuers ?? []
  const issuers = [issuer, ...otherIssuers] as const
  const reports = createVendorReports()
  let connecting: Promise<Connection> | undefined
  const connection = (): Promise<Connection> =>
    (connecting ??= import('./connection.ts').then(({ connect }) => connect(options, { origin, issuers, reports })))
  const secrets = typeof clientSecret === 'string' ? ([clientSecret] as const) : clientSecret
  return {
    clientId,
    applicationDomain,
    origin,
    configuration: createConfigurationSource(options, { origin, connection, clock: clock ?? systemClock }),
    issuers,
    accountIssuer: options.accountIssuer ?? issuer,
    scopes: [...(options.scopes ?? defaultScopes)],
    resolveTenantId: options.resolveTenantId,
    profile: undefined,
    allowedClientIds: new Set(options.allowedClientIds ?? [clientId]),
    algorithms,
    work: createWork({ secrets, store: options.store, clock }),
    reports,
    connection,
    clock: clock ?? systemClock,
  }
}
