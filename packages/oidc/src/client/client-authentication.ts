import { invalidOption } from '@latchkey/core/provider'
import type { ClientAuth } from 'oauth4webapi'
import { requireText } from '../errors/options.ts'

/** A client secret; while it is being replaced, the newest and those before it. */
export type ClientSecret = string | readonly [newest: string, ...older: string[]]

/** How the client proves itself to the token endpoint. `none` is a public client, proven by PKCE alone. */
export type ClientAuthentication =
  | { readonly kind: 'none' }
  | { readonly kind: 'client_secret_basic'; readonly secret: ClientSecret }
  | { readonly kind: 'client_secret_post'; readonly secret: ClientSecret }

/**
 * Makes the functions by which oauth4webapi signs a request, one for each secret. Its own Basic form-encodes even `-` and
 * `_`, which servers that do not decode refuse in every UUID; raw is right for both kinds of server.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 * @see https://www.rfc-editor.org/rfc/rfc7617
 */
export function toClientAuths(authentication: ClientAuthentication): readonly ClientAuth[] {
  switch (authentication.kind) {
    case 'none':
      return [(_server, client, body) => body.set('client_id', client.client_id)]
    case 'client_secret_post':
      return secretsOf(authentication.secret).map((secret) => (_server, client, body) => {
        body.set('client_id', client.client_id)
        body.set('client_secret', secret)
      })
    case 'client_secret_basic':
      return secretsOf(authentication.secret).map((secret) => (...[, client, , headers]) => {
        const pair = new TextEncoder().encode(`${client.client_id}:${secret}`)
        headers.set('authorization', `Basic ${btoa(String.fromCharCode(...pair))}`)
      })
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
      requireSecrets(factory, value.secret)
      return
    case 'client_secret_post':
      requireSecrets(factory, value.secret)
      return
    default:
      value satisfies never | undefined
      throw invalidOption(factory, 'clientAuthentication', 'must be none, client_secret_basic or client_secret_post')
  }
}

function requireSecrets(factory: string, secret: ClientSecret): void {
  const secrets = secretsOf(secret)
  if (secrets.length === 0) throw invalidOption(factory, 'clientAuthentication.secret', 'must have at least one secret')
  for (const one of secrets) requireText(factory, 'clientAuthentication.secret', one)
}

function secretsOf(secret: ClientSecret): readonly string[] {
  return Array.isArray(secret) ? secret : [secret as string]
}
