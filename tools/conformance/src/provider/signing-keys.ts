import { createHmac, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto'

/** A key that the provider signs with. */
export interface SigningKey {
  readonly algorithm: 'RS256' | 'ES256' | 'EdDSA'
  readonly privateKey: KeyObject
  /** Its public half, without a `kid`. */
  readonly jwk: JsonWebKey
}

const made = new Map<string, SigningKey>()

/** The RSA key of that number. Making one is dear, so that all providers of a process share them. */
export function rsaKey(number: number): SigningKey {
  return once(`rsa ${number}`, () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    return { algorithm: 'RS256', privateKey, jwk: publicKey.export({ format: 'jwk' }) }
  })
}

export function ellipticCurveKey(): SigningKey {
  return once('ec', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return { algorithm: 'ES256', privateKey, jwk: publicKey.export({ format: 'jwk' }) }
  })
}

export function edwardsCurveKey(): SigningKey {
  return once('okp', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    return { algorithm: 'EdDSA', privateKey, jwk: publicKey.export({ format: 'jwk' }) }
  })
}

/** How a token is signed: as it should be, or in a way that no client may accept. */
export type SigningMethod = 'RS256' | 'PS256' | 'ES256' | 'none' | 'HS256 with the client secret' | 'corrupted'

/** The key that signs by a method, unless the method needs none. */
export function keyFor(method: SigningMethod, current: SigningKey): SigningKey {
  return method === 'ES256' ? ellipticCurveKey() : current
}

/** Signs a compact JWS. Its header gets the `alg` of the method, and `kid` unless that is undefined. */
export function signToken(
  claims: object,
  {
    method,
    key,
    kid,
    secret,
    type,
  }: {
    readonly method: SigningMethod
    readonly key: SigningKey
    readonly kid: string | undefined
    readonly secret: string
    readonly type: string
  },
): string {
  const alg = method === 'corrupted' ? 'RS256' : (method.split(' ', 1)[0] ?? '')
  const input = [{ alg, typ: type, ...(kid === undefined || method === 'none' ? {} : { kid }) }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${input}.${signatureOf(Buffer.from(input), method, { key, secret }).toString('base64url')}`
}

function signatureOf(
  input: Buffer,
  method: SigningMethod,
  { key: { privateKey }, secret }: { readonly key: SigningKey; readonly secret: string },
): Buffer {
  switch (method) {
    case 'none':
      return Buffer.alloc(0)
    case 'HS256 with the client secret':
      return createHmac('sha256', secret).update(input).digest()
    case 'PS256':
      return sign('sha256', input, { key: privateKey, padding: 6, saltLength: 32 })
    case 'ES256':
      return sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' })
    case 'RS256':
      return sign('sha256', input, privateKey)
    case 'corrupted':
      return corrupted(sign('sha256', input, privateKey))
  }
}

/** A range of bytes in the middle is changed: length and ends stay as they were. */
function corrupted(signature: Buffer): Buffer {
  const copy = Buffer.from(signature)
  for (let index = 64; index < 72; index++) copy[index] = (copy[index] ?? 0) ^ 0x5a
  return copy
}

function once(name: string, make: () => SigningKey): SigningKey {
  const key = made.get(name) ?? make()
  made.set(name, key)
  return key
}
