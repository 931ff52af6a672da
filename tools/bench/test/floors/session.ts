import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'

const cipher = 'aes-256-gcm'

/** What seals, opens, and reads the session of a request, by the shortest code. */
export interface SealFloor {
  seal(value: object): string
  /** Throws for a text that was not sealed here. */
  open(sealed: string): unknown
  /** What the cookie `s` of a Cookie header holds; null once its `exp`, in milliseconds, has passed. */
  read(header: string | undefined): unknown
}

/** AES-256-GCM with a random IV, under a key that was made once. */
export function createSealFloor(keyBytes: Buffer): SealFloor {
  const key = createSecretKey(keyBytes)
  const floor: SealFloor = {
    seal(value) {
      const iv = randomBytes(12)
      const encryption = createCipheriv(cipher, key, iv)
      const sealed = Buffer.concat([iv, encryption.update(JSON.stringify(value), 'utf8'), encryption.final()])
      return Buffer.concat([sealed, encryption.getAuthTag()]).toString('base64url')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      const decryption = createDecipheriv(cipher, key, bytes.subarray(0, 12))
      decryption.setAuthTag(bytes.subarray(-16))
      const text = decryption.update(bytes.subarray(12, -16), undefined, 'utf8') + decryption.final('utf8')
      return JSON.parse(text) as unknown
    },
    read(header = '') {
      const session = floor.open(cookieOf(header, 's')) as { readonly exp: number }
      return session.exp < Date.now() ? null : session
    },
  }
  return floor
}

/** The value of one cookie of a Cookie header. */
export function cookieOf(header: string, name: string): string {
  const start = header.indexOf(`${name}=`) + name.length + 1
  const end = header.indexOf(';', start)
  return end === -1 ? header.slice(start) : header.slice(start, end)
}
