import { ownMember } from '@latchkey/core/crypto'
import { type BearerToken, type BearerVerifier, type JsonObject } from '@latchkey/core/provider'
import type { OidcClient } from '../client/oidc-client.ts'
import { oidcError } from '../errors/oidc-errors.ts'
import { requireSubject, timeOf } from '../verify/claims.ts'
import { createTokenVerifier, type TokenVerifier } from '../verify/token-verifier.ts'
import type { VerifiedJwt } from '../verify/verify-jwt.ts'
import type { BearerOptions } from './bearer-options.ts'
import type { RelyingParty } from './relying-party.ts'

const typesInHeaders: Readonly<Record<string, readonly (string | null)[]>> = {
  'at+jwt': ['at+jwt', 'application/at+jwt'],
  JWT: ['jwt'],
  null: [null],
}

/** Verifies access tokens that callers of the app's own API present. */
export function bearerVerifier(
  party: RelyingParty,
  { audience, types = ['at+jwt'], kind = defaultKind }: BearerOptions,
): BearerVerifier {
  const { name, issuer } = party.settings
  const accepted = types.flatMap((type) => typesInHeaders[String(type)] ?? [])
  const read = ({ claims }: VerifiedJwt): BearerToken => {
    requireAccessToken(claims)
    return {
      provider: name,
      issuer,
      subject: requireSubject(claims),
      kind: checkedKind(kind(claims)),
      clientId: textOf(claims, 'client_id') ?? textOf(claims, 'azp'),
      scopes: scopesOf(claims),
      // Checked to be a time.
      expiresAt: timeOf(claims, 'exp') ?? 0,
      claims,
    }
  }
  // What was verified by the keys of one document is forgotten with it.
  let made: { readonly client: OidcClient; readonly verifier: TokenVerifier<BearerToken> } | null = null
  const verifier = async (): Promise<TokenVerifier<BearerToken>> => {
    const client = await party.client()
    if (made?.client !== client) {
      const { verification, clock } = client
      made = { client, verifier: createTokenVerifier({ ...verification, types: accepted, audience, clock }, read) }
    }
    return made.verifier
  }
  return {
    issuers: [issuer],
    recall: async (digest) => (await verifier()).recall(digest),
    verify: async (token, read) => (await verifier()).verifyAnew(token, read),
  }
}

/** Claims that ID tokens and logout tokens have, and access tokens have not. */
const foreignClaims: readonly string[] = ['nonce', 'at_hash', 'c_hash', 'events']

/** Keycloak says in a claim what kind of token it is. */
const foreignTypes: readonly string[] = ['id', 'id+jwt', 'logout', 'logout+jwt', 'offline', 'refresh', 'serialized-id']

/** @throws `oidc/type_not_allowed` */
function requireAccessToken(claims: JsonObject): void {
  const type = ownMember(claims, 'typ')
  const isForeign =
    foreignClaims.some((name) => Object.hasOwn(claims, name)) ||
    (typeof type === 'string' && foreignTypes.includes(type.toLowerCase()))
  if (isForeign) throw oidcError('oidc/type_not_allowed')
}

/** A service's own token names the client as its subject. Of any other nothing is known. */
function defaultKind(claims: JsonObject): BearerToken['kind'] {
  const subject = ownMember(claims, 'sub')
  return subject === ownMember(claims, 'client_id') || subject === ownMember(claims, 'azp') ? 'machine' : null
}

/** An app's function may answer anything: a promise says nothing, and one that fails must not end the process. */
function checkedKind(kind: unknown): BearerToken['kind'] {
  if (kind === 'user' || kind === 'machine') return kind
  Promise.resolve(kind).catch(() => {})
  return null
}

function textOf(claims: JsonObject, name: string): string | undefined {
  const value = ownMember(claims, name)
  return typeof value === 'string' ? value : undefined
}

/** RFC 9068 has a text, Okta a list, both by `scp` at Entra and Okta. */
function scopesOf(claims: JsonObject): readonly string[] {
  const said = ownMember(claims, 'scope') ?? ownMember(claims, 'scp')
  const list: readonly unknown[] = typeof said === 'string' ? said.split(' ') : Array.isArray(said) ? said : []
  return list.filter((scope): scope is string => typeof scope === 'string' && scope !== '')
}
