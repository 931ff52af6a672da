import type { BearerGrant } from '../auth.ts'
import { decodeBase64url } from '../crypto/index.ts'
import { isAuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import { uncached } from '../exchange.ts'
import type { BearerClaims, BearerVerifier } from '../provider/contract.ts'
import type { Incoming } from '../request/incoming.ts'
import { asAuthError } from '../request/refusal.ts'
import type { Wiring } from '../wiring.ts'
import { type BearerRequirement, checkBearerRequirement, meetBearerRequirement } from './bearer-requirement.ts'

const mostCharacters = 16_384

/** Verifies the access token of a request and refuses the request if it does not meet the requirement. */
export async function requireBearer(
  wiring: Wiring,
  incoming: Incoming,
  given: BearerRequirement,
): Promise<BearerGrant> {
  const verifiers = [...wiring.providers].flatMap(([name, { bearer }]) =>
    bearer === undefined ? [] : [{ name, bearer }],
  )
  const requirement = checkBearerRequirement(
    given,
    verifiers.map(({ name }) => name),
  )
  try {
    const token = bearerToken(incoming)
    const issuer = unverifiedIssuer(token)
    const candidate = verifiers.find(
      ({ name, bearer }) =>
        (requirement.provider === undefined || requirement.provider === name) && bearer.issuers.includes(issuer),
    )
    if (candidate === undefined) throw coreError('auth/bearer_invalid', { cause: { reason: 'unknown issuer' } })
    const bearer = await verify(candidate.bearer, token)
    meetBearerRequirement(bearer, requirement)
    return { kind: 'bearer', bearer, headers: uncached }
  } catch (thrown) {
    const error = asAuthError(thrown)
    wiring.emit({ at: wiring.clock(), type: 'bearer.refused', code: error.code, hint: error.hint }, undefined)
    throw error
  }
}

/** Whether a request presents an access token, good or bad. */
export function presentsBearer({ headers }: Incoming): boolean {
  return /^bearer\b/i.test(headers.get('authorization') ?? '')
}

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
function bearerToken({ headers }: Incoming): string {
  const header = headers.get('authorization')
  if (header === null) throw coreError('auth/bearer_required')
  const [, token] = (header.length <= mostCharacters && /^bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(header)) || []
  if (token === undefined) throw coreError('auth/bearer_invalid', { cause: { reason: 'malformed header' } })
  return token
}

/** The `iss` of a token, only to find out who is to verify it. */
function unverifiedIssuer(token: string): string {
  const payload = decodeBase64url(token.split('.')[1] ?? '')
  try {
    const { iss } = JSON.parse(new TextDecoder().decode(payload ?? new Uint8Array())) as { iss?: unknown }
    if (typeof iss === 'string') return iss
  } catch {
    // Falls through to the refusal.
  }
  throw coreError('auth/bearer_invalid', { cause: { reason: 'no issuer' } })
}

/** A token that is refused is the caller's fault and always 401; a vendor that fails is not. */
async function verify(verifier: BearerVerifier, token: string): Promise<BearerClaims> {
  try {
    return await verifier.verify(token)
  } catch (error) {
    if (isAuthError(error) && error.status < 500) {
      throw coreError('auth/bearer_invalid', { hint: error.hint, cause: { reason: error.code } })
    }
    throw error
  }
}
