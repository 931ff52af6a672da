import { constants, generateKeyPairSync, type KeyObject, type SignKeyObjectInput, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import type { SignatureAlgorithm } from './keys.ts'
import * as node from './node.ts'
import * as web from './web.ts'

const implementations: Record<string, typeof node> = { node, web }
const signingInput = 'eyJhbGciOiJleGFtcGxlIn0.eyJzdWIiOiJleGFtcGxlIn0'
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' })
const ed25519 = generateKeyPairSync('ed25519')
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
const ieee = { dsaEncoding: 'ieee-p1363' } as const

interface Signer {
  readonly algorithm: SignatureAlgorithm
  readonly pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
  readonly digest: string | null
  readonly options: Omit<SignKeyObjectInput, 'key'>
}

const signers: readonly Signer[] = [
  { algorithm: 'RS256', pair: rsa, digest: 'sha256', options: {} },
  { algorithm: 'RS384', pair: rsa, digest: 'sha384', options: {} },
  { algorithm: 'RS512', pair: rsa, digest: 'sha512', options: {} },
  { algorithm: 'PS256', pair: rsa, digest: 'sha256', options: pss },
  { algorithm: 'PS384', pair: rsa, digest: 'sha384', options: pss },
  { algorithm: 'PS512', pair: rsa, digest: 'sha512', options: pss },
  { algorithm: 'ES256', pair: p256, digest: 'sha256', options: ieee },
  { algorithm: 'ES384', pair: p384, digest: 'sha384', options: ieee },
  { algorithm: 'ES512', pair: p521, digest: 'sha512', options: ieee },
  { algorithm: 'EdDSA', pair: ed25519, digest: null, options: {} },
  { algorithm: 'Ed25519', pair: ed25519, digest: null, options: {} },
]

describe.each(Object.entries(implementations))('public keys by %s', (_, { importPublicKey, verifySignature }) => {
  const imports = async (jwk: JsonObject, algorithm: SignatureAlgorithm) => importPublicKey(jwk, algorithm)

  describe.each(signers)('$algorithm', ({ algorithm, pair, digest, options }) => {
    const signature = sign(digest, Buffer.from(signingInput), { key: pair.privateKey, ...options })

    it('accepts the right signature alone', async () => {
      const key = await imports(jwkOf(pair.publicKey), algorithm)
      const verifies = async (input: string, bytes: Uint8Array) => verifySignature(algorithm, key, input, bytes)
      expect(await verifies(signingInput, signature)).toBe(true)
      expect(await verifies(`${signingInput}A`, signature)).toBe(false)
      for (const bit of [0, 7, 8, signature.length * 4, signature.length * 8 - 1]) {
        expect(await verifies(signingInput, flipBit(signature, bit))).toBe(false)
      }
      const malformed = [Buffer.alloc(0), signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)])]
      for (const bytes of [...malformed, Buffer.alloc(signature.length)]) {
        expect(await verifies(signingInput, bytes)).toBe(false)
      }
    })

    it('does not verify by a key that was imported for another algorithm', async () => {
      const others = signers.filter((other) => other.algorithm !== algorithm)
      for (const other of others) {
        const key = await imports(jwkOf(other.pair.publicKey), other.algorithm)
        expect(await verifySignature(algorithm, key, signingInput, signature)).toBe(false)
      }
    })

    it('refuses keys of another type or curve', async () => {
      const others = [rsa, p256, p384, p521, ed25519].filter((other) => other !== pair)
      for (const other of others) {
        await expect(imports(jwkOf(other.publicKey), algorithm)).rejects.toThrow(TypeError)
      }
    })

    it('takes alg, use and key_ops of a key at their word', async () => {
      const jwk = jwkOf(pair.publicKey)
      const fitting = { ...jwk, alg: algorithm, use: 'sig', key_ops: ['verify'], kid: 'example', x5t: 'ignored' }
      expect(await imports(fitting, algorithm)).toMatchObject({ algorithm })
      const misfits: JsonObject[] = [
        { alg: 'HS256' },
        { alg: `${algorithm} ` },
        { alg: null },
        { use: 'enc' },
        { use: 'SIG' },
        { key_ops: ['sign'] },
        { key_ops: [] },
        { key_ops: 'verify' },
      ]
      for (const misfit of misfits) await expect(imports({ ...jwk, ...misfit }, algorithm)).rejects.toThrow(TypeError)
    })

    it('refuses the private key and names none of it', async () => {
      const jwk = jwkOf(pair.privateKey)
      const error = await imports(jwk, algorithm).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(TypeError)
      expect(String((error as Error).stack)).not.toContain(String(jwk['d']))
    })
  })

  it('agrees with RFC 7515, appendix A.3', async () => {
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    }
    const input =
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'
    const signature = 'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q'
    const key = await imports(jwk, 'ES256')
    expect(await verifySignature('ES256', key, input, Buffer.from(signature, 'base64url'))).toBe(true)
  })

  it('agrees with RFC 8037, appendix A.4', async () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    const input = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc'
    const signature = 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg'
    const key = await imports({ ...jwk, alg: 'Ed25519' }, 'EdDSA')
    expect(await verifySignature('EdDSA', key, input, Buffer.from(signature, 'base64url'))).toBe(true)
  })

  it.each(signers.filter(({ options }) => options === ieee))(
    'accepts a signature by $algorithm whatever its two numbers begin with',
    async ({ algorithm, pair, digest, options }) => {
      const key = await imports(jwkOf(pair.publicKey), algorithm)
      const [zero, small, large] = [0, 0x01, algorithm === 'ES512' ? 0x01 : 0x80]
      const beginsWith = [
        [zero, small],
        [small, zero],
        [large, large],
      ]
      for (const numbers of beginsWith) {
        const { input, signature } = signedSo({ key: pair.privateKey, ...options }, digest, (bytes) =>
          [bytes[0], bytes[bytes.length / 2]].every((first = 0, index) => {
            const wanted = numbers[index] ?? 0
            return wanted === 0 ? first === 0 : first >= wanted
          }),
        )
        expect(await verifySignature(algorithm, key, input, signature)).toBe(true)
      }
    },
  )

  it('refuses an ECDSA signature of which a number is 0 or the order of the curve', async () => {
    const key = await imports(jwkOf(p256.publicKey), 'ES256')
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const signature = sign('sha256', Buffer.from(signingInput), { key: p256.privateKey, ...ieee })
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)]
    const nothing = Buffer.alloc(32)
    const orderItself = Buffer.from(order.toString(16), 'hex')
    for (const [one, other] of [
      [nothing, s],
      [r, nothing],
      [orderItself, s],
      [r, orderItself],
      [nothing, nothing],
    ]) {
      expect(await verifySignature('ES256', key, signingInput, Buffer.concat([one as Buffer, other as Buffer]))).toBe(
        false,
      )
    }
  })

  it.each(signers.filter(({ options }) => options === ieee))(
    'refuses a signature by $algorithm whose numbers have more bytes than the curve',
    async ({ algorithm, pair, digest, options }) => {
      const key = await imports(jwkOf(pair.publicKey), algorithm)
      const signature = sign(digest, Buffer.from(signingInput), { key: pair.privateKey, ...options })
      const middle = signature.length / 2
      const zero = Buffer.alloc(1)
      const longer = Buffer.concat([zero, signature.subarray(0, middle), zero, signature.subarray(middle)])
      expect(await verifySignature(algorithm, key, signingInput, signature)).toBe(true)
      expect(await verifySignature(algorithm, key, signingInput, longer)).toBe(false)
    },
  )

  it('refuses an ECDSA signature in DER', async () => {
    const signature = sign('sha256', Buffer.from(signingInput), p256.privateKey)
    const key = await imports(jwkOf(p256.publicKey), 'ES256')
    expect(await verifySignature('ES256', key, signingInput, signature)).toBe(false)
  })

  it.each(signers.filter(({ pair }) => pair === rsa))(
    'refuses a signature by $algorithm whose leading zero was cut off',
    async ({ algorithm, digest, options }) => {
      const key = await imports(jwkOf(rsa.publicKey), algorithm)
      const { input, signature } = signedWithLeadingZero({ key: rsa.privateKey, ...options }, digest)
      expect(await verifySignature(algorithm, key, input, signature)).toBe(true)
      expect(await verifySignature(algorithm, key, input, signature.subarray(1))).toBe(false)
    },
  )

  it.each(['PS256', 'PS384', 'PS512'] as const)(
    'refuses a signature by %s with a salt of another length',
    async (name) => {
      const key = await imports(jwkOf(rsa.publicKey), name)
      for (const saltLength of [0, 20, constants.RSA_PSS_SALTLEN_MAX_SIGN]) {
        const signature = sign(`sha${name.slice(2)}`, Buffer.from(signingInput), {
          key: rsa.privateKey,
          ...pss,
          saltLength,
        })
        expect(await verifySignature(name, key, signingInput, signature)).toBe(false)
      }
    },
  )

  it.each([512, 1024, 2040])('refuses an RSA key of %i bits', async (modulusLength) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength })
    await expect(imports(jwkOf(publicKey), 'RS256')).rejects.toThrow('2048')
  })

  it('counts no leading zeros of a modulus', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const modulus = Buffer.concat([Buffer.alloc(128), Buffer.from(String(jwkOf(publicKey)['n']), 'base64url')])
    const jwk = { ...jwkOf(publicKey), n: modulus.toString('base64url') }
    await expect(imports(jwk, 'RS256')).rejects.toThrow('2048')
  })

  it.each(['AQ', 'Aw', 'AAAD', 'AQAA', 'AQAC', '', 'AP__', 'AQAB=', 'AQ AB'])(
    'refuses the RSA exponent "%s"',
    async (e) => {
      await expect(imports({ ...jwkOf(rsa.publicKey), e }, 'RS256')).rejects.toThrow(TypeError)
    },
  )

  it.each<[string, JsonObject]>([
    ['nothing', {}],
    ['a symmetric key', { kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ' }],
    ['a public key with a symmetric member', { ...jwkOf(p256.publicKey), k: '' }],
    ['a point that is off its curve', { ...jwkOf(p256.publicKey), y: String(jwkOf(p256.publicKey)['x']) }],
    ['a coordinate that is too short', { ...jwkOf(p256.publicKey), x: 'AQAB' }],
    ['a coordinate with a leading zero', { ...jwkOf(p256.publicKey), x: withLeadingZero(jwkOf(p256.publicKey)['x']) }],
    ['a curve whose coordinates are as long', jwkOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey)],
    ['a coordinate that is missing', { kty: 'EC', crv: 'P-256', x: String(jwkOf(p256.publicKey)['x']) }],
    ['a coordinate that is no text', { ...jwkOf(p256.publicKey), x: 1 }],
    ['a padded coordinate', { ...jwkOf(p256.publicKey), x: `${String(jwkOf(p256.publicKey)['x'])}=` }],
  ])('refuses %s', async (_name, jwk) => {
    await expect(imports(jwk, 'ES256')).rejects.toThrow(TypeError)
  })

  it('refuses an algorithm that it does not know', async () => {
    for (const algorithm of ['none', 'HS256', 'RS1', 'ES256K', '__proto__', '']) {
      await expect(imports(jwkOf(rsa.publicKey), algorithm as SignatureAlgorithm)).rejects.toThrow(TypeError)
    }
  })
})

function jwkOf(key: KeyObject): JsonObject {
  return key.export({ format: 'jwk' }) as JsonObject
}

function withLeadingZero(number: unknown): string {
  return Buffer.concat([Buffer.alloc(1), Buffer.from(String(number), 'base64url')]).toString('base64url')
}

function signedWithLeadingZero(key: SignKeyObjectInput, digest: string | null) {
  return signedSo(key, digest, (signature) => signature[0] === 0)
}

function signedSo(key: SignKeyObjectInput, digest: string | null, isWanted: (signature: Buffer) => boolean) {
  for (let count = 0; ; count += 1) {
    const input = `${signingInput}${count}`
    const signature = sign(digest, Buffer.from(input), key)
    if (isWanted(signature)) return { input, signature }
  }
}

function flipBit(bytes: Uint8Array, index: number): Uint8Array {
  const changed = new Uint8Array(bytes)
  const at = index >> 3
  changed[at] = (changed[at] ?? 0) ^ (1 << (index & 7))
  return changed
}
