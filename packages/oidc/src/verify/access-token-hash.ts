import { encodeBase64url } from '@latchkey/core/crypto'

/**
 * The `at_hash` of an access token: the left half of its hash, by the algorithm that the ID token is signed with.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken
 */
export async function accessTokenHash(accessToken: string, algorithm: string): Promise<string> {
  // RS256 and its kind name their hash; Ed25519 works with SHA-512.
  const bits = /(?:256|384|512)$/.exec(algorithm)?.[0] ?? '512'
  const digest = await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(accessToken))
  return encodeBase64url(new Uint8Array(digest, 0, digest.byteLength / 2))
}
