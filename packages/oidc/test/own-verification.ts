import {
  decodeBase64url,
  encodeBase64url,
  equalInConstantTime,
  importMacKey,
  mac,
  type SignatureAlgorithm,
  verifySignature,
} from '@latchkey/core/crypto'
import type { JsonObject } from '@latchkey/core/provider'
import { parseCompactJws } from '../src/verify/compact-jws.ts'
import { readKeySet } from '../src/verify/key-set.ts'

const algorithms: readonly SignatureAlgorithm[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

/**
 * Whether a JWS verifies under a key set, by the parts that `verifyJwt` is made of. It is `verifyJwt` without its claims,
 * for vectors sign any bytes. HS256, which no option of ours switches on for tokens, is core's own MAC.
 */
export async function verifies(jws: string, keys: JsonObject): Promise<boolean> {
  try {
    const { algorithm, keyId, signingInput, signature } = parseCompactJws(jws)
    if (algorithm === 'HS256') return await verifiesByMac({ keyId, signingInput, signature }, keys)
    const accepted = algorithms.find((name) => name === algorithm)
    if (accepted === undefined) return false
    const key = (await readKeySet(keys)?.find(accepted, keyId)) ?? null
    return key !== null && (await verifySignature(accepted, key, signingInput, signature))
  } catch {
    return false
  }
}

/** One symmetric key alone, made for HS256: what `createWiseClient` would take. */
async function verifiesByMac(
  jws: { readonly keyId: string | undefined; readonly signingInput: string; readonly signature: Uint8Array },
  keys: JsonObject,
): Promise<boolean> {
  const all = keys['keys'] as JsonObject[]
  // A set that has public keys as well is the mix by which a public key becomes a MAC key.
  if (all.some(({ kty }) => kty !== 'oct')) return false
  const [key, ...others] = all.filter(({ kid }) => jws.keyId === undefined || kid === jws.keyId)
  const isMeantForIt =
    key !== undefined &&
    ['HS256', undefined].includes(key['alg'] as string | undefined) &&
    ['sig', undefined].includes(key['use'] as string | undefined)
  const bytes = isMeantForIt && others.length === 0 ? decodeBase64url(String(key['k'])) : null
  if (bytes === null) return false
  return equalInConstantTime(await mac(await importMacKey(bytes), jws.signingInput), encodeBase64url(jws.signature))
}
