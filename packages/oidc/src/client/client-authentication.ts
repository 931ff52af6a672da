import { invalidOption } from '@latchkey/core/provider'
import type { ClientAuth } from 'oauth4webapi'
import { requireText } from '../option-checks.ts'

/** How the client proves itself to the token endpoint. `none` is a public client, proven by PKCE alone. */
export type ClientAuthentication =
  | { readonly kind: 'none' }
  | { readonly kind: 'client_secret_basic'; readonly secret: string }
  | { readonly kind: 'client_secret_post'; readonly secret: string }

/**
 * Makes the function by which oauth4webapi signs a request. Its own Basic form-encodes even `-` and `_`, which servers
 * that do not decode refuse in every UUID; raw is right for both kinds of server.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 * @see https://www.rfc-editor.org/rfc/rfc7617
 */
export function toClientAuth(authentication: ClientAuthentication): ClientAuth {
  switch (authentication.kind) {
    case 'none':
      return (_server, client, body) => body.set('client_id', client.client_id)
    case 'client_secret_post':
      return (_server, client, body) => {
        body.set('client_id', client.client_id)
        body.set('client_secret', authentication.secret)
      }
    case 'client_secret_basic':
      return (...[, client, , headers]) => {
        const pair = new TextEncoder().encode(`${client.client_id}:${authentication.secret}`)
        headers.set('authorization', `Basic ${btoa(String.fromCharCode(...pair))}`)
      }
  }
}

/** @throws `core/invalid_option` */
export function requireClientAuthentication(factory: string, clientId: string, value: ClientAuthentication): void {
  switch (value?.kind) {
    case 'none':
      return
    case 'client_secret_basic':
      // RFC 7617: the first colon ends the user id.
      if (clientId.includes(':'))
        throw invalidOption(factory, 'clientId', 'cannot hold a colon with client_secret_basic')
      requireText(factory, 'clientAuthentication.secret', value.secret)
      return
    case 'client_secret_post':
      requireText(factory, 'clientAuthentication.secret', value.secret)
      return
    default:
      value satisfies never | undefined
      throw invalidOption(factory, 'clientAuthentication', 'must be none, client_secret_basic or client_secret_post')
  }
}
