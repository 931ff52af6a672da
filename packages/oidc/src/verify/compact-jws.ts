import { ownMember, readUnverifiedJwt, type UnverifiedJwt } from '@latchkey/core/crypto'
import { oidcError } from '../errors/oidc-errors.ts'

/** A signed JWT, taken apart. Nothing in it is proven yet. */
export interface CompactJws extends UnverifiedJwt {
  readonly algorithm: string
  readonly keyId: string | undefined
}

/**
 * Takes a signed JWT apart: what `readUnverifiedJwt` takes, with a header without extensions that we would have to
 * understand. Keys and addresses of keys in the header (`jwk`, `jku`, `x5c`, `x5u`) are ignored.
 *
 * @throws `oidc/token_malformed`
 */
export function parseCompactJws(token: string): CompactJws {
  return compactJws(readUnverifiedJwt(token))
}

/** The same of what was read. @throws `oidc/token_malformed` */
export function compactJws(jwt: UnverifiedJwt | null): CompactJws {
  if (jwt === null) throw oidcError('oidc/token_malformed')
  const { header, claims, signature, signingInput } = jwt
  const algorithm = ownMember(header, 'alg')
  const keyId = ownMember(header, 'kid')
  if (typeof algorithm !== 'string' || (keyId !== undefined && typeof keyId !== 'string')) {
    throw oidcError('oidc/token_malformed')
  }
  // RFC 7515 4.1.11: a critical extension that is not understood makes the JWS invalid; we understand none.
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) throw oidcError('oidc/token_malformed')
  return { header, claims, signature, signingInput, algorithm, keyId }
}
