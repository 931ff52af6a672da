import { decodeBase64url } from '@latchkey/core/crypto'
import type { JsonObject } from '@latchkey/core/provider'

/** What a token claims before anyone has checked it: good to look something up by, and for nothing else. */
export function unverifiedClaims(token: string): JsonObject {
  const payload = decodeBase64url(token.split('.')[1] ?? '')
  if (payload === null) return {}
  try {
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload))
    return typeof claims === 'object' && claims !== null ? { ...claims } : {}
  } catch {
    return {}
  }
}
