import type { Ports } from './framework.ts'

/** The complete configuration of the demo. The runner fills in the emulators for what is not configured. */
export interface DemoEnvironment {
  readonly wristband: {
    readonly clientId: string
    readonly clientSecret: string
    readonly applicationDomain: string
    /** The tenant whose login opens when none is chosen. */
    readonly tenant: string
    /** Names of the tenants to choose from. */
    readonly tenants: readonly string[]
    /** The id that a tenant must prove; undefined where the app keeps no record of its tenants. */
    readonly resolveTenantId: ((tenant: { readonly name?: string | undefined }) => string | null) | undefined
  }
  readonly wink: {
    readonly clientId: string
    readonly clientSecret: string
    readonly apiUrl: string
    readonly authUrl: string
  }
  readonly wise: { readonly whiteLabelUrl: string; readonly jwtTokenSecret: string }
  /** Any OpenID provider; null where there is none, and so no card for it. */
  readonly oidc: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string } | null
  readonly sessionSecrets: readonly [string, ...string[]]
  readonly ports: Ports
  /** Where all servers keep their sessions and the link record together; null for cookies and a file. */
  readonly redisUrl: string | null
  /** The file of the link record. */
  readonly linkRecordFile: string
}

/** Environment variables, as `process.env` has them. */
export type Variables = Readonly<Record<string, string | undefined>>

/** What each provider needs: all of it, or none of it for the one that the runner starts. */
export const providerVariables = {
  wristband: ['WRISTBAND_CLIENT_ID', 'WRISTBAND_CLIENT_SECRET', 'WRISTBAND_APPLICATION_DOMAIN', 'WRISTBAND_TENANT'],
  wink: ['WINK_CLIENT_ID', 'WINK_CLIENT_SECRET', 'WINK_API_URL', 'WINK_AUTH_URL'],
  wise: ['WISE_WHITE_LABEL_URL', 'WISE_JWT_TOKEN_SECRET'],
  oidc: ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/**
 * Whether a provider is configured.
 *
 * @throws if only some of its variables are set, naming those that are missing
 */
export function isConfigured(provider: keyof typeof providerVariables, variables: Variables): boolean {
  const missing = providerVariables[provider].filter((name) => !variables[name])
  if (missing.length === 0) return true
  if (missing.length === providerVariables[provider].length) return false
  throw new Error(`${provider} is configured only in part. Missing: ${missing.join(', ')}`)
}

/**
 * Reads the whole configuration.
 *
 * @throws naming the variable that is missing or not valid, never its value
 */
export function readEnvironment(variables: Variables): DemoEnvironment {
  const required = (name: string): string => {
    const value = variables[name]
    if (!value) throw new Error(`${name} is missing. \`pnpm demo\` sets it; see .env.example`)
    return value
  }
  const [newest = '', ...older] = required('SESSION_SECRETS').split(',')
  const tenant = required('WRISTBAND_TENANT')
  const tenantIds = readTenantIds(variables.WRISTBAND_TENANT_IDS)
  return {
    wristband: {
      clientId: required('WRISTBAND_CLIENT_ID'),
      clientSecret: required('WRISTBAND_CLIENT_SECRET'),
      applicationDomain: required('WRISTBAND_APPLICATION_DOMAIN'),
      tenant,
      tenants: [...(tenantIds?.keys() ?? [tenant])],
      resolveTenantId: tenantIds && (({ name }) => (name === undefined ? null : (tenantIds.get(name) ?? null))),
    },
    wink: {
      clientId: required('WINK_CLIENT_ID'),
      clientSecret: required('WINK_CLIENT_SECRET'),
      apiUrl: required('WINK_API_URL'),
      authUrl: required('WINK_AUTH_URL'),
    },
    wise: { whiteLabelUrl: required('WISE_WHITE_LABEL_URL'), jwtTokenSecret: required('WISE_JWT_TOKEN_SECRET') },
    oidc: isConfigured('oidc', variables)
      ? {
          issuer: required('OIDC_ISSUER'),
          clientId: required('OIDC_CLIENT_ID'),
          clientSecret: required('OIDC_CLIENT_SECRET'),
        }
      : null,
    sessionSecrets: [newest, ...older],
    ports: readPorts(variables),
    redisUrl: variables.REDIS_URL || null,
    linkRecordFile: variables.LINK_RECORD_FILE ?? ':memory:',
  }
}

/** Where the demo's servers listen. */
export function readPorts(variables: Variables): Ports {
  return {
    Next: readPort(variables, 'NEXT_PORT', 3000),
    Fastify: readPort(variables, 'FASTIFY_PORT', 3001),
    Nest: readPort(variables, 'NEST_PORT', 3002),
  }
}

/** A port from the environment; 0 takes any that is free. */
export function readPort(variables: Variables, name: string, standard: number): number {
  const port = Number(variables[name] || standard)
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`${name} is not a port`)
  return port
}

/** `acme=id1,globex=id2` */
function readTenantIds(text: string | undefined): ReadonlyMap<string, string> | undefined {
  if (!text) return undefined
  const pairs = text.split(',').map((pair) => pair.trim().split('='))
  if (pairs.some(([name, id, ...rest]) => !name || !id || rest.length > 0)) {
    throw new Error('WRISTBAND_TENANT_IDS is not of the form acme=id1,globex=id2')
  }
  return new Map(pairs.map(([name = '', id = '']) => [name, id]))
}
