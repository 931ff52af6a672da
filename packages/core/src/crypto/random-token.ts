import { encodeBase64url } from '#crypto'

/** A new random value of that many bytes from the system's generator, as base64url. */
export function randomToken(byteLength: number): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(byteLength)))
}
