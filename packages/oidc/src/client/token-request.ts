import { parseStrictJson } from '@latchkey/core/crypto'
import type { VendorHttp } from '@latchkey/core/http'
import type { Seconds } from '@latchkey/core/provider'
import type * as oauth4webapi from 'oauth4webapi'
import type { ClientAuth, TokenEndpointRequestOptions } from 'oauth4webapi'
import { oidcError } from '../errors/oidc-errors.ts'
import type { ClientSecrets, OidcClient } from './oidc-client.ts'
import { readTokenResponse, type TokenAnswer } from './token-response.ts'

/** A grant, and what goes with it. */
export interface TokenRequest {
  readonly grantType: 'authorization_code' | 'refresh_token' | 'client_credentials'
  readonly parameters: Readonly<Record<string, string>>
}

/**
 * Asks the token endpoint: with the secret that worked last, and if that is refused with the others, newest first.
 *
 * @throws `oidc/client_refused`, `oidc/token_request_failed`, `oidc/token_response_invalid`, and `core/…` of the transport
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.2
 */
export async function tokenRequest(
  { metadata, clientId, clock, secrets, http }: OidcClient,
  { grantType, parameters }: TokenRequest,
): Promise<TokenAnswer> {
  const oauth = await import('oauth4webapi')
  const server = { issuer: metadata.issuers[0], token_endpoint: metadata.tokenEndpoint }
  const party = { client_id: clientId }
  const options = requestOptions(oauth, http)
  const [first, ...others] = secretsInOrder(secrets, clock())
  let response = await oauth.genericTokenEndpointRequest(server, party, first, grantType, parameters, options)
  for (const other of others) {
    if (!(await isClientRefused(response))) break
    response = await oauth.genericTokenEndpointRequest(server, party, other, grantType, parameters, options)
    if (response.ok) secrets.working = other
  }
  secrets.refusedAt = (await isClientRefused(response)) ? clock() : null
  return readTokenResponse(response, { issuer: server.issuer, clientId, now: clock() })
}

/** What oauth4webapi sends a request with. */
export function requestOptions(oauth: typeof oauth4webapi, http: VendorHttp): TokenEndpointRequestOptions {
  // oxlint-disable-next-line typescript/no-deprecated -- endpoints were checked before: http is on loopback only
  return { [oauth.customFetch]: http.fetch, [oauth.allowInsecureRequests]: true }
}

/** Vendors lock clients that send many wrong secrets. */
const refusedSeconds = 30

/**
 * The secret that the provider took last, then the others, newest first.
 *
 * @throws `oidc/client_refused` for 30 seconds after all of them were refused, so that a wrong secret is not sent again
 *   with each login
 */
export function secretsInOrder(
  { all, working, refusedAt }: ClientSecrets,
  now: Seconds,
): readonly [ClientAuth, ...ClientAuth[]] {
  // Absolute: a clock that is set back must not make the pause longer.
  if (refusedAt !== null && Math.abs(now - refusedAt) < refusedSeconds) throw oidcError('oidc/client_refused')
  return [working, ...all.filter((other) => other !== working)]
}

/**
 * Whether a response refuses the client itself, so that another of its secrets may help.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export async function isClientRefused(response: Response): Promise<boolean> {
  if (response.status !== 400 && response.status !== 401) return false
  return parseStrictJson(new Uint8Array(await response.clone().arrayBuffer()))?.['error'] === 'invalid_client'
}
