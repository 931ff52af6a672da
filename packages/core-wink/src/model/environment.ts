import { checkOptions, invalidOption, parseWebUrl } from '@latchkey/core/provider'

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
  readonly apiUrl: string
  /** Without `/realms/…`. */
  readonly authUrl: string
  readonly issuers?: readonly string[]
  /** Single addresses that do not follow from the two. */
  readonly endpoints?: Partial<Omit<WinkEndpoints, 'issuers'>>
}

/** Every address that we call or send a browser to. */
export interface WinkEndpoints {
  readonly session: string
  readonly verifyClient: string
  readonly authorization: string
  readonly token: string
  readonly logout: string
  readonly jwks: string
  readonly issuers: readonly [string, ...string[]]
}

/**
 * Resolves an environment.
 *
 * @throws `core/invalid_option`
 */
export function winkEndpoints(environment: WinkEnvironment, realm: string): WinkEndpoints {
  const hosts = typeof environment === 'string' ? presets.get(environment) : environment
  if (hosts === undefined) throw invalid('environment', "must be 'stage', 'production' or { apiUrl, authUrl, … }")
  checkOptions('createWinkClient environment', hosts, ['apiUrl', 'authUrl', 'issuers', 'endpoints'])
  const api = baseUrl('apiUrl', hosts.apiUrl)
  const auth = baseUrl('authUrl', hosts.authUrl)
  const realmUrl = `${textOf(auth)}/realms/${realm}`
  const protocol = `${realmUrl}/protocol/openid-connect`
  const usual = {
    session: `${textOf(api)}/wink/v1/session`,
    verifyClient: `${textOf(api)}/api/ConfidentialClient/verify-client`,
    authorization: `${protocol}/auth`,
    token: `${protocol}/token`,
    logout: `${protocol}/logout`,
    jwks: `${protocol}/certs`,
  }
  const endpoints = { ...usual, ...checkEndpoints(hosts.endpoints ?? {}, Object.keys(usual)) }
  refuseMixedHosts([api.href, auth.href, ...Object.values(endpoints)])
  return { ...endpoints, issuers: checkIssuers(hosts.issuers) ?? [realmUrl] }
}

const presets: ReadonlyMap<string, WinkHosts> = new Map([
  ['stage', { apiUrl: 'https://stagelogin-api.winkapis.com', authUrl: 'https://stageauth.winkapis.com' }],
  ['production', { apiUrl: 'https://api.winklogin.com', authUrl: 'https://auth.winkapis.com' }],
])

/** Hosts that Wink's documents and kits name, by environment: tokens of one are a bare 401 at the other. */
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

function baseUrl(name: string, value: unknown): URL {
  const url = parseWebUrl(value)
  if (url === null || url.search !== '' || url.pathname.includes('/realms/')) {
    const problem = 'must be an https URL (http on loopback) without query, fragment, user info and /realms/…'
    throw invalid(`environment.${name}`, problem)
  }
  return url
}

function checkEndpoints(
  endpoints: NonNullable<WinkHosts['endpoints']>,
  known: readonly string[],
): NonNullable<WinkHosts['endpoints']> {
  checkOptions('createWinkClient environment.endpoints', endpoints, known)
  for (const [name, value] of Object.entries(endpoints)) {
    if (parseWebUrl(value) === null) {
      throw invalid(`environment.endpoints.${name}`, 'must be an https URL (http on loopback)')
    }
  }
  return endpoints
}

function checkIssuers(issuers: unknown): [string, ...string[]] | null {
  if (issuers === undefined) return null
  if (!Array.isArray(issuers) || !issuers.every((issuer) => parseWebUrl(issuer)?.search === '')) {
    throw invalid('environment.issuers', 'must be a list of https URLs (http on loopback)')
  }
  const [first, ...others] = issuers as string[]
  if (first === undefined) throw invalid('environment.issuers', 'must not be empty')
  return [first, ...others]
}

function textOf(url: URL): string {
  return url.href.replace(/\/+$/, '')
}

function invalid(option: string, problem: string): Error {
  return invalidOption('createWinkClient', option, problem)
}
