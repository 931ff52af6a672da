import { invalidOption, option } from '@latchkey/core/provider'
import type { ClientAuth } from 'oauth4webapi'

/** A client secret; while it is being replaced, the newest and those before it. */
export type ClientSecret = string | readonly [newest: string, ...older: string[]]

/** How the client proves itself to the token endpoint. `none` is a public client, proven by PKCE alone. */
export type ClientAuthentication =
  | { readonly kind: 'none' }
  | { readonly kind: 'client_secret_basic'; readonly secret: ClientSecret }
  | { readonly kind: 'client_secret_post'; readonly secret: ClientSecret }

/**
 * The value of an `Authorization` header: Base64 of the raw UTF-8 bytes, not form-encoded as OAuth has it. That encodes
 * even `-` and `_`, which servers that do not decode refuse in every UUID. Without special characters raw is right for
 * both kinds of server.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7617
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
export function basicAuthorization(clientId: string, clientSecret: string): string {
  const pair = new TextEncoder().encode(`${clientId}:${clientSecret}`)
  return `Basic ${btoa(String.fromCharCode(...pair))}`
}

/**
 * The functions by which oauth4webapi proves the client, one for each secret.
 *
 * @throws `core/invalid_option`
 */
export function toClientAuths(
  factory: string,
  { clientId, clientAuthentication }: { clientId: string; clientAuthentication: ClientAuthentication },
): readonly [ClientAuth, ...ClientAuth[]] {
  switch (clientAuthentication.kind) {
    case 'none':
      return [(_server, _client, body) => body.set('client_id', clientId)]
    case 'client_secret_post':
      return toEach(secretsOf(factory, clientAuthentication.secret), (secret) => (_server, _client, body) => {
        body.set('client_id', clientId)
        body.set('client_secret', secret)
      })
    case 'client_secret_basic':
      // RFC 7617: the first colon ends the user id.
      if (clientId.includes(':'))
        throw invalidOption(factory, 'clientId', 'cannot hold a colon with client_secret_basic')
      return toEach(secretsOf(factory, clientAuthentication.secret), (secret) => (...[, , , headers]) => {
        headers.set('authorization', basicAuthorization(clientId, secret))
      })
    default:
      return clientAuthentication satisfies never
  }
}

function toEach<T>([newest, ...older]: readonly [string, ...string[]], make: (secret: string) => T): [T, ...T[]] {
  return [make(newest), ...older.map(make)]
}

function secretsOf(factory: string, secret: ClientSecret): readonly [string, ...string[]] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret]
  if (secrets.length === 0 || !secrets.every(option.text.holds)) {
    throw invalidOption(factory, 'clientAuthentication.secret', 'must be a text that is not empty, or a list of them')
  }
  return secrets as [string, ...string[]]
}
