import type { WinkSettings } from './options.ts'

/** Base64 of the raw UTF-8 bytes (RFC 7617), not form-encoded as OAuth has it. */
export function basicAuthorization({ clientId, clientSecret }: WinkSettings): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${clientId}:${clientSecret}`)))}`
}
