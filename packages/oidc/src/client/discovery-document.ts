import { isJsonObject, ownMember } from '@latchkey/core/crypto'
import { isLoopback, type JsonObject, parseWebUrl } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'

/** What a provider says of itself, checked. It chooses nothing that protects: see `oidcProvider`. */
export interface DiscoveryDocument {
  readonly endpoints: Readonly<Record<RequiredEndpoint, string> & Partial<Record<OptionalEndpoint, string>>>
  /** `alg` values of its ID tokens; undefined where it does not say. */
  readonly signingAlgorithms: readonly string[] | undefined
  /** How clients may prove themselves at its token endpoint; undefined where it does not say. */
  readonly clientAuthentications: readonly string[] | undefined
  /** Whether it promises `iss` in every callback (RFC 9207). */
  readonly promisesIssuer: boolean
  /** Whether it takes authorization requests only by its `pushed_authorization_request_endpoint` (RFC 9126). */
  readonly requiresPushedRequests: boolean
}

/** The members of a document that are called, or visited by a browser. */
export type Endpoint = RequiredEndpoint | OptionalEndpoint

type RequiredEndpoint = (typeof requiredEndpoints)[number]
type OptionalEndpoint = (typeof optionalEndpoints)[number]

const requiredEndpoints = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const

const optionalEndpoints = [
  'userinfo_endpoint',
  'revocation_endpoint',
  'end_session_endpoint',
  'pushed_authorization_request_endpoint',
] as const

/** What a document is held to. */
export interface DocumentRules {
  readonly issuer: string
  /** Where endpoints may be. Anywhere on the public internet if absent. */
  readonly endpointOrigins: readonly string[] | undefined
}

/**
 * Reads a discovery document. One bad endpoint spoils it whole, and so does what we cannot fulfil: signed requests.
 *
 * @throws `oidc/metadata_issuer_mismatch`, `oidc/metadata_invalid`
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
 */
export function readDiscoveryDocument(document: unknown, rules: DocumentRules): DiscoveryDocument {
  if (!isJsonObject(document)) throw oidcError('oidc/metadata_invalid', { cause: { member: 'document' } })
  requireIssuer(ownMember(document, 'issuer'), rules.issuer)
  const endpoints: Partial<Record<Endpoint, string>> = {}
  for (const name of optionalEndpoints) {
    const value = ownMember(document, name) ?? ''
    if (value !== '') endpoints[name] = requireEndpoint(name, value, rules)
  }
  if (ownMember(document, 'require_signed_request_object') === true) {
    throw oidcError('oidc/metadata_invalid', {
      hint: 'The provider takes signed authorization requests alone (RFC 9101), which are not made here. Switch that off for this client.',
      cause: { member: 'require_signed_request_object' },
    })
  }
  const pushed = 'pushed_authorization_request_endpoint'
  const requiresPushedRequests = ownMember(document, 'require_pushed_authorization_requests') === true
  if (requiresPushedRequests && endpoints[pushed] === undefined) {
    throw oidcError('oidc/metadata_invalid', { cause: { member: pushed } })
  }
  const [authorization, token, jwks] = requiredEndpoints.map((name) =>
    requireEndpoint(name, ownMember(document, name), rules),
  ) as [string, string, string]
  return {
    endpoints: { ...endpoints, authorization_endpoint: authorization, token_endpoint: token, jwks_uri: jwks },
    signingAlgorithms: textsOf(document, 'id_token_signing_alg_values_supported'),
    clientAuthentications: textsOf(document, 'token_endpoint_auth_methods_supported'),
    promisesIssuer: ownMember(document, 'authorization_response_iss_parameter_supported') === true,
    requiresPushedRequests,
  }
}

function requireIssuer(said: unknown, issuer: string): void {
  if (said === issuer) return
  const isTemplate = typeof said === 'string' && said.includes('{')
  throw oidcError(
    'oidc/metadata_issuer_mismatch',
    isTemplate
      ? {
          hint: 'The `issuer` of the discovery document is a template for many tenants. Name one tenant in `issuer`, and make one `oidcProvider` for each.',
        }
      : {},
  )
}

function requireEndpoint(member: Endpoint, value: unknown, rules: DocumentRules): string {
  const url = parseWebUrl(value)
  if (url === null || !isAllowed(url, rules)) throw oidcError('oidc/metadata_invalid', { cause: { member } })
  return value as string
}

/**
 * Whether a document may send requests there. A document is not ours, and could otherwise point them into our network.
 * Names are judged as text: what they resolve to is judged where they are connected to (`privateHosts` of the client).
 */
function isAllowed(url: URL, { issuer, endpointOrigins }: DocumentRules): boolean {
  if (endpointOrigins !== undefined && !endpointOrigins.includes(url.origin)) return false
  const issuerHost = new URL(issuer).hostname
  const host = url.hostname.replace(/\.+$/, '')
  if (isLoopback(host)) return isLoopback(issuerHost)
  return !isAddress(host) && (!isPrivateName(host) || url.hostname === issuerHost)
}

/** Whether the host of a parsed URL is an IPv4 or IPv6 address, which parsing has brought into its usual form. */
export function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(hostname)
}

/** Names that no public resolver knows. @see https://www.rfc-editor.org/rfc/rfc6762#appendix-G */
function isPrivateName(hostname: string): boolean {
  return !hostname.includes('.') || /\.(?:local|localdomain|internal|intranet|lan|home\.arpa)$/.test(hostname)
}

function textsOf(document: JsonObject, name: string): readonly string[] | undefined {
  const list = ownMember(document, name)
  return Array.isArray(list) ? list.filter((each): each is string => typeof each === 'string') : undefined
}
