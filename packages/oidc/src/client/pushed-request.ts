import { isJsonObject, ownMember, parseStrictJson } from '@latchkey/core/crypto'
import { invalidOption, type JsonObject } from '@latchkey/core/provider'
import { failureCause, requireNotBusy } from '../errors/busy.ts'
import { oidcError } from '../errors/oidc-errors.ts'
import { isClientRefused } from './client-proofs.ts'
import { factory, type OidcClient } from './oidc-client.ts'
import { postAsClient } from './post-as-client.ts'
import { toErrorCode } from './token-response.ts'

/**
 * Sends the parameters of an authorization request from the back end, as the client, so that the browser carries a name for
 * them alone.
 *
 * @param url What `authorizationRequest` made.
 * @returns The URL to send the browser to.
 * @throws `oidc/client_refused`, `oidc/authorization_refused`, `oidc/provider_busy`, `core/invalid_option` without a
 *   `pushedAuthorizationRequestEndpoint`, and the `core/…` codes of `VendorHttp.fetch`
 * @see https://www.rfc-editor.org/rfc/rfc9126
 */
export async function pushAuthorizationRequest(client: OidcClient, url: URL): Promise<URL> {
  const { pushedAuthorizationRequestEndpoint: endpoint } = client.metadata
  if (endpoint === undefined) {
    throw invalidOption(factory, 'pushedAuthorizationRequestEndpoint', 'is needed to push an authorization request')
  }
  const answer = await postAsClient(client, endpoint, {
    name: 'pushed_authorization_request',
    parameters: Object.fromEntries(url.searchParams),
  })
  requireNotBusy(answer)
  if (isClientRefused(answer)) {
    throw oidcError('oidc/client_refused', { cause: { status: answer.status, error: 'invalid_client' } })
  }
  const body = parseStrictJson(answer.bytes)
  const requestUri = isJsonObject(body) ? ownMember(body, 'request_uri') : undefined
  if (!answer.ok || typeof requestUri !== 'string' || requestUri === '') {
    throw oidcError('oidc/authorization_refused', { cause: { ...failureCause(answer), ...errorOf(body) } })
  }
  const short = new URL(client.metadata.authorizationEndpoint)
  short.searchParams.set('client_id', client.clientId)
  short.searchParams.set('request_uri', requestUri)
  return short
}

function errorOf(body: JsonObject | null): { readonly error?: string } {
  const error = body === null ? undefined : ownMember(body, 'error')
  return error === undefined ? {} : { error: toErrorCode(error) }
}
