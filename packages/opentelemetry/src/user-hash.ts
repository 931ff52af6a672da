import type { UserKey } from '@latchkey/core'

/** A keyed hash of a user: the same for the same user and key, and of no use without the key. */
export type UserHash = (user: UserKey) => Promise<string>

/** Makes it; null without a key. */
export function createUserHash(key: string | undefined): UserHash | null {
  if (key === undefined) return null
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const imported = crypto.subtle.importKey('raw', new TextEncoder().encode(key), hmac, false, ['sign'])
  return async ({ provider, issuer, tenant = null, subject }) => {
    const text = JSON.stringify(['latchkey user', provider, issuer, tenant, subject])
    const bytes = await crypto.subtle.sign('HMAC', await imported, new TextEncoder().encode(text))
    return [...new Uint8Array(bytes).slice(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}
