import { expireChunks, readChunks, writeChunks } from '../cookies/chunks.ts'
import type { Cookies } from '../cookies/response-cookies.ts'
import type { Seconds } from '../model/time.ts'
import type { Vault } from '../vault/vault.ts'

/** What a {@link SealedCookie} is made with. */
export interface SealedCookieOptions {
  readonly vault: Vault
  readonly clock: () => Seconds
  readonly name: string
  readonly purpose: string
  readonly lifetime: Seconds
}

/** Something that a browser carries for a while from one of our routes to another, and cannot read or change. */
export interface SealedCookie<Content> {
  /** Null where there is none, after its lifetime, and at another origin than the one it was written at. */
  read(cookies: Cookies, origin: string): Promise<Content | null>
  write(cookies: Cookies, origin: string, content: Content): Promise<void>
  forget(cookies: Cookies): void
}

/** Makes a cookie, or as many as its content takes, which is plain JSON. Cookies have no port, so the origin is inside the seal. */
export function createSealedCookie<Content extends object>({
  vault,
  clock,
  name,
  purpose,
  lifetime,
}: SealedCookieOptions): SealedCookie<Content> {
  const scope = { purpose, name }
  return {
    async read({ sent }, origin) {
      const sealed = readChunks(sent, name)
      const opened = sealed === null ? null : await vault.open(scope, sealed)
      if (opened === null) return null
      const kept = JSON.parse(opened) as { content: Content; origin: string; expiresAt: Seconds }
      return kept.origin === origin && kept.expiresAt > clock() ? kept.content : null
    },
    async write(cookies, origin, content) {
      const value = await vault.seal(scope, JSON.stringify({ content, origin, expiresAt: clock() + lifetime }))
      writeChunks(cookies, name, { value, lifetime })
    },
    forget: (cookies) => expireChunks(cookies, name),
  }
}
