import { deriveSealKey, open, seal } from '@latchkey/core/crypto'
import { describe, expect, it } from 'vitest'
import { parseCompactJws } from '../src/verify/compact-jws.ts'
import { accessTokenHash } from '../src/verify/id-token.ts'
import { verifies } from './own-verification.ts'
import { cookbook, hasVectors, rfcVectors, type WycheproofVector, wycheproof } from './vector-files.ts'

if (!hasVectors) console.info('JOSE vectors: ../shared/vectors is not there, so none of them is run.')

/** Vectors whose label we do not follow, and why. Everything else must agree. */
const exclusions: Readonly<Record<string, ReadonlyMap<number, string>>> = {
  signature: new Map([
    [346, 'labelled valid, but the JWK says PS256 and the token PS384: a key is for its own algorithm (RFC 8725, 3.1)'],
    [347, 'labelled valid, but the JWK says ES521, which is no algorithm'],
    [350, 'as 346'],
    [351, 'as 347'],
    [367, 'labelled invalid, but byte for byte the same token as 357, which is valid'],
    [370, 'as 367'],
    [372, 'labelled valid, but there is a character in its header that is not base64url'],
    [373, 'labelled valid, but there is a character in its payload that is not base64url'],
  ]),
  key: new Map([
    [7, 'a ROCA key: its maker is to replace it, and detecting it is a non-goal'],
    [14, 'HS384 is valid, and no part of ours makes or takes it'],
    [15, 'HS512 likewise'],
  ]),
  crypto: new Map([[46, 'the ROCA key']]),
}

/** How many vectors agree, and which do not. */
async function compare(name: string): Promise<{ readonly agreed: number; readonly total: number }> {
  const excluded = exclusions[name] ?? new Map<number, string>()
  const vectors = wycheproof(name).filter(({ id, jws }) => jws !== undefined && !excluded.has(id))
  const disagreeing: string[] = []
  for (const { id, comment, jws = '', keys, isValid } of vectors) {
    if ((await verifies(jws, keys)) !== isValid) disagreeing.push(`${id} ${comment}: ${isValid ? 'valid' : 'invalid'}`)
  }
  const agreed = vectors.length - disagreeing.length
  console.info(`JOSE vectors: json_web_${name}: JWS ${agreed}/${vectors.length} agree, ${excluded.size} excluded`)
  expect(disagreeing).toEqual([])
  return { agreed, total: vectors.length }
}

describe.skipIf(!hasVectors)('Wycheproof', () => {
  it('agrees about signatures', async () => {
    expect(await compare('signature')).toEqual({ agreed: 393, total: 393 })
  })

  it('agrees about keys', async () => {
    expect(await compare('key')).toEqual({ agreed: 23, total: 23 })
  })

  it('agrees about the older set', async () => {
    expect(await compare('crypto')).toEqual({ agreed: 48, total: 48 })
  })

  it('opens no JWE that it did not seal, and takes none for a JWS', async () => {
    const all = [...wycheproof('encryption'), ...wycheproof('crypto')].filter(({ jwe }) => jwe !== undefined)
    const key = await deriveSealKey('an-example-secret-of-at-least-32-bytes', 'latchkey/1/session/__Host-latchkey')
    const refused = async ({ jwe = '' }: WycheproofVector): Promise<boolean> => {
      expect(() => parseCompactJws(jwe)).toThrow(expect.objectContaining({ code: 'oidc/token_malformed' }))
      return (await open([key], jwe)) === null
    }
    const invalid = wycheproof('encryption').filter(({ isValid }) => !isValid)
    const refusals = await Promise.all(invalid.map(refused))
    const refusedOfAll = await Promise.all(all.map(refused))
    console.info(
      `JOSE vectors: json_web_encryption: JWE ${count(refusals)}/${invalid.length} invalid ones refused; ` +
        `${count(refusedOfAll)}/${all.length} of all, for none is ours`,
    )
    expect(count(refusals)).toBe(74)
    expect(refusedOfAll).not.toContain(false)
    expect(await open([key], await seal(key, 'ours'))).toMatchObject({ text: 'ours' })
  })

  it('opens its own seal in no other form', async () => {
    const key = await deriveSealKey('an-example-secret-of-at-least-32-bytes', 'latchkey/1/session/__Host-latchkey')
    const [header, , iv, ciphertext, tag] = (await seal(key, 'ours')).split('.')
    // What the vectors do to tokens of others, done to ours.
    const forms = [
      [header, '', iv, ciphertext, ''],
      [header, '', '', ciphertext, tag],
      [header, '', iv, '', tag],
      [header, '', iv, ciphertext, tag?.slice(0, 16)],
      [header, '', iv, ciphertext, 'A'.repeat(22)],
      [header, '', 'A'.repeat(16), ciphertext, tag],
      [header, 'AAAA', iv, ciphertext, tag],
      [encode({ alg: 'dir', enc: 'A128GCM' }), '', iv, ciphertext, tag],
      [encode({ alg: 'none', enc: 'A256GCM' }), '', iv, ciphertext, tag],
      [`${header} `, '', iv, ciphertext, tag],
      [header, '', `${iv}=`, ciphertext, tag],
      [header, '', iv, ciphertext, tag, ''],
    ]
    for (const form of forms) expect(await open([key], form.join('.'))).toBeNull()
  })
})

describe.skipIf(!hasVectors)('RFC examples', () => {
  it('verifies the compact JWS of RFC 7520 and RFC 8037, and refuses what is none', async () => {
    const verdicts: Record<string, boolean> = {}
    for (const { name, key, compact } of [...cookbook('jws'), ...cookbook('curve25519'), ...cookbook('rfc7797')]) {
      if (compact === undefined) continue
      const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...publicKey } = key
      verdicts[name] = await verifies(compact, { keys: [publicKey] })
    }
    console.info(`JOSE vectors: cookbook: ${count(Object.values(verdicts))} compact JWS verified`)
    expect(verdicts).toEqual({
      '4_1.rsa_v15_signature.json': true,
      '4_2.rsa-pss_signature.json': true,
      '4_3.ecdsa_signature.json': true,
      '4_4.hmac-sha2_integrity_protection.json': true,
      'jws.json': true,
      // Its payload is elsewhere, that one encrypts, and the last wants the extension `b64`.
      '4_5.signature_with_detached_content.json': false,
      'ecdh-es.json': false,
      'hmac-sha2_b64_false.json': false,
    })
  })

  it('verifies the examples A.1 and A.3 of RFC 7515, and refuses A.5', async () => {
    const { jws_hs256: hs256, jws_es256: es256, jws_none: none } = rfcVectors()
    expect(await verifies(hs256.jws, { keys: [{ kty: 'oct', k: hs256.k }] })).toBe(true)
    expect(await verifies(es256.jws, { keys: [es256.jwk] })).toBe(true)
    expect(await verifies(none.jws, { keys: [es256.jwk] })).toBe(false)
    expect(await verifies(none.jws, { keys: [{ kty: 'oct', k: '' }] })).toBe(false)
  })

  it('makes the at_hash of a known access token', async () => {
    const { access_token: accessToken, at_hash_sha256: expected } = rfcVectors().at_hash
    expect(await accessTokenHash(accessToken, 'RS256')).toBe(expected)
  })
})

function count(verdicts: readonly boolean[]): number {
  return verdicts.filter(Boolean).length
}

function encode(header: object): string {
  return Buffer.from(JSON.stringify(header)).toString('base64url')
}
