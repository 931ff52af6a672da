import { ownMember, parseStrictJson } from '@latchkey/core/crypto'
import { hasJsonType, type VendorAnswer } from '@latchkey/core/http'
import type { Json, JsonObject, Seconds } from '@latchkey/core/provider'
import type { TokenEndpointResponse } from 'oauth4webapi'
import { failureCause, requireNotBusy } from '../errors/busy.ts'
import { oidcError } from '../errors/oidc-errors.ts'
import { loadOauth } from './load-oauth.ts'
import type { OidcClient } from './oidc-client.ts'

const defaultLifetimeSeconds = 300

const maximumLifetimeSeconds = 1_000_000_000

/** Tokens of a completed login. */
export interface OidcTokens extends OidcRefreshedTokens {
  /** The ID token. */
  readonly idToken: string
}

/** Tokens of a refresh: the ID token and a new refresh token are the provider's choice. */
export interface OidcRefreshedTokens {
  /** The new access token. */
  readonly accessToken: string
  /** The new ID token; absent where there is none. */
  readonly idToken?: string | undefined
  /** The one to use from now on; absent where the provider gave none: the one before stays good then. */
  readonly refreshToken?: string | undefined
  /** When the access token expires, in whole seconds since the epoch; 300 s from now where the provider does not say. */
  readonly expiresAt: Seconds
  /** What was granted; absent where the provider did not say. */
  readonly scope?: string | undefined
}

/** What the token endpoint says: tokens that nothing has proven yet, or why there are none. */
export type TokenAnswer =
  | { readonly kind: 'tokens'; readonly tokens: OidcRefreshedTokens }
  | { readonly kind: 'refused'; readonly error: string }

/**
 * Reads the answer of the token endpoint. The ID token is kept from oauth4webapi, which would look at its claims: its
 * signature comes first.
 *
 * @throws `oidc/client_refused`, `oidc/provider_busy`, `oidc/token_request_failed`, `oidc/token_response_invalid`
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5
 */
export async function readTokenResponse(client: OidcClient, answer: VendorAnswer): Promise<TokenAnswer> {
  const body = readJsonObject(answer)
  const { status } = answer
  if (status >= 400) return { kind: 'refused', error: readOAuthError(answer, body) }
  if (status !== 200 || body === null) throw oidcError('oidc/token_response_invalid', { cause: { status } })

  const { expires_in: expiresIn, id_token: idToken, scope, ...members } = keptMembers(body)
  const { token_type: tokenType, ...checked } = await requireConformity(members, client)
  const isIdToken = idToken === undefined || typeof idToken === 'string'
  if (tokenType !== 'bearer' || !isIdToken || !sendable.test(checked.access_token)) {
    throw oidcError('oidc/token_response_invalid')
  }
  return {
    kind: 'tokens',
    tokens: {
      accessToken: checked.access_token,
      idToken,
      expiresAt: client.clock() + lifetimeOf(expiresIn),
      refreshToken: checked.refresh_token,
      scope: typeof scope === 'string' ? scope : undefined,
    },
  }
}

/** What fits into an `Authorization` header. @see https://www.rfc-editor.org/rfc/rfc6749#appendix-A.12 */
const sendable = /^[\x20-\x7e]+$/

type KeptMember = 'access_token' | 'token_type' | 'expires_in' | 'refresh_token' | 'scope' | 'id_token'

/** What is used of a token response: no other member is judged. Null is absent, and so is what is empty. */
function keptMembers(body: JsonObject): { readonly [Member in KeptMember]: Json | undefined } {
  const member = (name: KeptMember): Json | undefined => ownMember(body, name) || undefined
  return {
    access_token: member('access_token'),
    token_type: member('token_type'),
    expires_in: ownMember(body, 'expires_in'),
    refresh_token: member('refresh_token'),
    scope: member('scope'),
    id_token: member('id_token'),
  }
}

/**
 * The OAuth error of an answer, which is in its body: a `WWW-Authenticate` beside it changes nothing.
 *
 * @throws `oidc/client_refused`, `oidc/provider_busy`, `oidc/token_request_failed`
 */
function readOAuthError(answer: VendorAnswer, body: JsonObject | null): string {
  requireNotBusy(answer)
  const { status } = answer
  const error = body === null ? undefined : ownMember(body, 'error')
  if (![400, 401, 403].includes(status) || typeof error !== 'string') {
    throw oidcError('oidc/token_request_failed', { cause: failureCause(answer) })
  }
  if (error === 'invalid_client' || error === 'unauthorized_client') {
    throw oidcError('oidc/client_refused', { cause: { status, error } })
  }
  return toErrorCode(error)
}

/** What oauth4webapi reads of a `Response`: to make one, and to read it, takes longer than all that is checked in it. */
class ReadResponse {
  readonly status = 200
  readonly bodyUsed = false
  readonly json: () => Promise<unknown>

  constructor(body: unknown) {
    this.json = async () => body
  }

  get [Symbol.toStringTag](): string {
    return 'Response'
  }
}

/** Its errors hold the body, so none of them leaves this function. */
async function requireConformity(
  body: Readonly<Record<string, Json | undefined>>,
  { metadata, clientId }: OidcClient,
): Promise<TokenEndpointResponse> {
  const oauth = await loadOauth()
  try {
    const response = new ReadResponse(body) as unknown as Response
    return await oauth.processGenericTokenEndpointResponse(
      { issuer: metadata.issuers[0] },
      { client_id: clientId },
      response,
    )
  } catch {
    throw oidcError('oidc/token_response_invalid')
  }
}

/**
 * How long an access token lives: whole seconds, rounded down, also as text. RFC 6749 only recommends to say it, and it
 * protects nobody: what is no such number says nothing. Who would refuse a refresh for it would lose the new tokens.
 */
function lifetimeOf(value: Json | undefined): Seconds {
  const number = typeof value === 'string' && /^\d{1,10}(?:\.\d+)?$/.test(value) ? Number(value) : value
  const isLifetime = typeof number === 'number' && number >= 0 && number <= maximumLifetimeSeconds
  return isLifetime ? Math.floor(number) : defaultLifetimeSeconds
}

/** The JSON object of an answer; null where it has none. */
function readJsonObject({ headers, bytes }: VendorAnswer): JsonObject | null {
  return hasJsonType(headers) ? parseStrictJson(bytes) : null
}

/** An OAuth error as a name that is safe to show and to log; `unknown` for anything that is no such name. */
export function toErrorCode(value: unknown): string {
  return typeof value === 'string' && /^[a-z_]{1,64}$/.test(value) ? value : 'unknown'
}
