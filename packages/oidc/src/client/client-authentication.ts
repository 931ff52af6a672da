import type { SignatureAlgorithm } from '@latchkey/core/crypto'
import { invalidOption, option, type Seconds, systemClock } from '@latchkey/core/provider'
import type { ClientAuth } from 'oauth4webapi'
import { loadOauth } from './load-oauth.ts'

/** A client secret; while it is being replaced, the newest and those before it. */
export type ClientSecret = string | readonly [newest: string, ...older: string[]]

/** How the client proves itself to the token endpoint. `none` is a public client, proven by PKCE alone. */
export type ClientAuthentication =
  | { readonly kind: 'none' }
  | { readonly kind: 'client_secret_basic'; readonly secret: ClientSecret }
  | { readonly kind: 'client_secret_post'; readonly secret: ClientSecret }
  | ({ readonly kind: 'private_key_jwt' } & ClientPrivateKey)

/** The key that signs the client's assertions, and how. */
export interface ClientPrivateKey {
  /** For signing; it need not be extractable. */
  readonly key: CryptoKey
  /** The `alg` of the assertions: one that the key is made for. */
  readonly algorithm: SignatureAlgorithm
  /** The `kid` under which the provider knows the public key. */
  readonly keyId?: string | undefined
}

/**
 * The value of an `Authorization` header: Base64 of the raw UTF-8 bytes, as RFC 7617 has it and most servers read it.
 * RFC 6749 form-encodes both parts first. The two differ to a server only where a part holds `%`, `+` or a character
 * beyond ASCII: there a client tries the other form, too, once the first is refused as `invalid_client`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7617
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
export function basicAuthorization(clientId: string, clientSecret: string): string {
  const pair = new TextEncoder().encode(`${clientId}:${clientSecret}`)
  return `Basic ${btoa(String.fromCharCode(...pair))}`
}

/**
 * The functions by which oauth4webapi proves the client, in the order in which they are tried: one for each secret, and
 * for Basic a second one where a server that form-decodes would read another pair.
 *
 * @throws `core/invalid_option`
 */
export function toClientAuths(
  factory: string,
  {
    clientId,
    clientAuthentication,
    clock = systemClock,
  }: { clientId: string; clientAuthentication: ClientAuthentication; clock?: (() => Seconds) | undefined },
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
      return eachBasic(clientId, secretsOf(factory, clientAuthentication.secret))
    case 'private_key_jwt':
      return [assertionBy(clientAuthentication, clock)]
    default:
      return clientAuthentication satisfies never
  }
}

/** Both readings of RFC 6749, section 2.3.1: raw first, and form-encoded where a server that decodes reads another pair. */
function eachBasic(clientId: string, secrets: readonly [string, ...string[]]): [ClientAuth, ...ClientAuth[]] {
  const values = secrets.flatMap((secret) => [
    basicAuthorization(clientId, secret),
    ...(changesByDecoding.test(clientId + secret)
      ? [basicAuthorization(formEncoded(clientId), formEncoded(secret))]
      : []),
  ])
  return toEach([...new Set(values)] as [string, ...string[]], (value) => (...[, , , headers]) => {
    headers.set('authorization', value)
  })
}

/** Form-decoding leaves all else as it is: a second try would send the same pair. */
const changesByDecoding = /[%+]|[^\x20-\x7e]/

function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length)
}

/** How long an assertion is good. */
const assertionSeconds = 60

/**
 * A new assertion for each request, for the issuer alone: one for the token endpoint, which a document may choose, would
 * be good at another provider.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
function assertionBy({ key, algorithm, keyId }: ClientPrivateKey, clock: () => Seconds): ClientAuth {
  return async (...[server, client, body, headers]) => {
    const { modifyAssertion, PrivateKeyJwt } = await loadOauth()
    const prove = PrivateKeyJwt(keyId === undefined ? key : { key, kid: keyId }, {
      [modifyAssertion](header: object, payload: object) {
        const now = clock()
        Object.assign(header, { alg: algorithm })
        Object.assign(payload, { aud: server.issuer, iat: now, nbf: now, exp: now + assertionSeconds })
      },
    })
    await prove(server, client, body, headers)
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
