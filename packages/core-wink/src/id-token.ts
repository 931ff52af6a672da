import type { JsonObject } from '@latchkey/core/provider'
import { verifyJwt } from '@latchkey/oidc/verify'
import { clockToleranceSeconds } from './access-token.ts'
import { winkError } from './errors.ts'
import type { WinkSettings } from './options.ts'

/**
 * Verifies an ID token that a page sent: everything but its nonce, and that it belongs to an access token.
 *
 * @throws `wink/token_type_refused`, `wink/client_mismatch`, and the errors of `verifyJwt`
 */
export async function verifyIdToken(settings: WinkSettings, token: string): Promise<JsonObject> {
  const { claims } = await verifyJwt(token, {
    jwks: settings.oidc.jwks,
    algorithms: settings.algorithms,
    issuers: settings.endpoints.issuers,
    audience: settings.clientId,
    types: ['jwt', 'id+jwt', null],
    clockToleranceSeconds,
    clock: settings.clock,
  })
  if (claims['typ'] !== 'ID') throw winkError('wink/token_type_refused')
  if (claims['azp'] !== settings.clientId) throw winkError('wink/client_mismatch')
  return claims
}
