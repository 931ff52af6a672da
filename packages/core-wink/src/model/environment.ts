import {
  checkOptions,
  invalidOption,
  type OptionRules,
  option,
  parseWebUrl,
  required,
  rule,
} from '@latchkey/core/provider'

/**
 * Where Wink is: one preset sets API host and auth host together. Wink gives some merchants hosts of their own: then
 * both, and the issuers where they differ from `{authUrl}/realms/{realm}`. The first issuer is the account issuer.
 *
 * `stage` is `https://stagelogin-api.winkapis.com` with `https://stageauth.winkapis.com`; `production` is
 * `https://api.winklogin.com` with `https://auth.winkapis.com`.
 */
export type WinkEnvironment = 'stage' | 'production' | WinkHosts

/** Hosts of a merchant's own. */
export interface WinkHosts {
  /** The API, which only back ends call. */
  readonly apiUrl: string
  /** Without `/realms/…`. */
  readonly authUrl: string
  /** What tokens may have as `iss`. The realm's URL by default. */
  readonly issuers?: readonly string[] | undefined
  /** Single addresses that do not follow from the two. */
  readonly endpoints?: WinkHostEndpoints | undefined
}

/** Single addresses at Wink. */
export type WinkHostEndpoints = { readonly [Name in Exclude<keyof WinkEndpoints, 'issuers'>]?: string | undefined }

/** Every address that we call or send a browser to. */
export interface WinkEndpoints {
  /** Where a Wink session is made. */
  readonly session: string
  /** Where the profile behind an access token is. */
  readonly verifyClient: string
  /** Where a login begins. */
  readonly authorization: string
  /** Where codes and refresh tokens are redeemed. */
  readonly token: string
  /** Where Wink's sign-on ends. */
  readonly logout: string
  /** Where the keys are. */
  readonly jwks: string
  /** What tokens may have as `iss`. */
  readonly issuers: readonly [string, ...string[]]
}

/**
 * Resolves an environment.
 *
 * @throws `core/invalid_option`
 */
export function winkEndpoints(environment: WinkEnvironment, realm: string): WinkEndpoints {
  const known = typeof environment === 'string' ? presets.get(environment) : environment
  if (!known) throw invalid('environment', "must be 'stage', 'production' or { apiUrl, authUrl, … }")
  const hosts = checkOptions(factory, known, hostRules)
  const given = checkOptions(`${factory}.endpoints`, hosts.endpoints ?? {}, endpointRules)
  const [api, auth] = [withoutSlash(hosts.apiUrl), withoutSlash(hosts.authUrl)]
  const realmUrl = `${auth}/realms/${realm}`
  const protocol = `${realmUrl}/protocol/openid-connect`
  const {
    session = `${api}/wink/v1/session`,
    verifyClient = `${api}/api/ConfidentialClient/verify-client`,
    authorization = `${protocol}/auth`,
    token = `${protocol}/token`,
    logout = `${protocol}/logout`,
    jwks = `${protocol}/certs`,
  } = given
  const endpoints = { session, verifyClient, authorization, token, logout, jwks }
  refuseMixedHosts([api, auth, ...Object.values(endpoints)])
  const [accountIssuer = realmUrl, ...otherIssuers] = hosts.issuers ?? []
  return { ...endpoints, issuers: [accountIssuer, ...otherIssuers] }
}

const factory = 'createWinkClient environment'

const hostUrl = rule(
  'must be an https URL (http on loopback) without query, fragment, user info and /realms/…',
  (value) => {
    const url = parseWebUrl(value)
    return url !== null && url.search === '' && !url.pathname.includes('/realms/')
  },
)

const hostRules: OptionRules<WinkHosts> = {
  apiUrl: required(hostUrl),
  authUrl: required(hostUrl),
  issuers: option.filledList(
    rule('must be an https URL (http on loopback) without query', (value) => parseWebUrl(value)?.search === ''),
  ),
  endpoints: option.object,
}

const endpointRules: OptionRules<WinkHostEndpoints> = {
  session: option.webUrl,
  verifyClient: option.webUrl,
  authorization: option.webUrl,
  token: option.webUrl,
  logout: option.webUrl,
  jwks: option.webUrl,
}

const presets: ReadonlyMap<string, WinkHosts> = new Map([
  ['stage', { apiUrl: 'https://stagelogin-api.winkapis.com', authUrl: 'https://stageauth.winkapis.com' }],
  ['production', { apiUrl: 'https://api.winklogin.com', authUrl: 'https://auth.winkapis.com' }],
])

/** Hosts that Wink's documents and kits name, by environment: credentials of one are a bare 401 at the other. */
const knownHosts: ReadonlyMap<string, 'stage' | 'production'> = new Map([
  ['stagelogin-api.winkapis.com', 'stage'],
  ['stage-api.winklogin.com', 'stage'],
  ['stage-api.winkapis.com', 'stage'],
  ['stageauth.winkapis.com', 'stage'],
  ['stagekeycloak.winklogin.com', 'stage'],
  ['stagelogin.winkapis.com', 'stage'],
  ['api.winklogin.com', 'production'],
  ['api.winkidentity.com', 'production'],
  ['auth.winkapis.com', 'production'],
  ['auth.winklogin.com', 'production'],
])

function refuseMixedHosts(urls: readonly string[]): void {
  const environments = urls.map((url) => knownHosts.get(new URL(url).hostname))
  if (environments.includes('stage') && environments.includes('production')) {
    throw invalid('environment', 'mixes a stage host with a production host')
  }
}

function withoutSlash(url: string): string {
  return new URL(url).href.replace(/\/+$/, '')
}

function invalid(option: string, problem: string): Error {
  return invalidOption('createWinkClient', option, problem)
}
