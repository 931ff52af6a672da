import { isJsonObject, ownMember, randomToken } from '@latchkey/core/crypto'
import { isAuthError, type JsonObject, type ProviderRoute, type Seconds, type UserKey } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import { requireAudience, requireIssuer, requireSubject, requireType } from '../verify/claims.ts'
import { parseCompactJws } from '../verify/compact-jws.ts'
import { verifyTokenSignature } from '../verify/verify-jwt.ts'
import { readSid } from './callback.ts'
import type { RelyingParty } from './relying-party.ts'

/** The path that the provider posts logout tokens to. */
const backChannelLogoutPath = '/backchannel-logout'

/**
 * Ends what the provider has ended: the sign-ins of its session (`sid`), or of the user. It answers 200, or 400 for whatever
 * goes wrong, and the same whether there was a session.
 *
 * @see https://openid.net/specs/openid-connect-backchannel-1_0.html
 */
export function backChannelLogoutRoute<Name extends string>(
  party: RelyingParty<Name>,
  types: readonly (string | null)[],
): ProviderRoute<Name> {
  const accepted = types.flatMap((type) =>
    type === null ? [null] : [type.toLowerCase(), `application/${type.toLowerCase()}`],
  )
  return {
    method: 'POST',
    path: backChannelLogoutPath,
    // The provider's server posts it, which is no page and has no cookie.
    accepts: 'any',
    async handle(request, context) {
      try {
        const token = readLogoutToken(request, await context.fields())
        await endOnce(party, await verifyLogoutToken(party, token, accepted))
      } catch (error) {
        if (!isAuthError(error)) throw error
        if (error.code === 'oidc/logout_token_refused') throw error
        throw refused(error.code)
      }
      return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } })
    },
  }
}

function refused(reason: string): Error {
  return oidcError('oidc/logout_token_refused', { cause: { reason } })
}

const mostCharacters = 16 * 1024

/** A form of one `logout_token`. */
function readLogoutToken(request: Request, fields: ReadonlyMap<string, string>): string {
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';', 1)
  const token = fields.get('logout_token')
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') throw refused('content_type')
  if (token === undefined || fields.size !== 1 || token.length > mostCharacters) throw refused('form')
  return token
}

/** What a verified logout token ends. */
interface Logout {
  readonly jti: string
  readonly by: { readonly issuer: string; readonly sid: string } | UserKey
}

/** What costs nothing is checked first: nobody makes us fetch keys, or ask the store, by a token that is made up. */
async function verifyLogoutToken(
  party: RelyingParty,
  token: string,
  types: readonly (string | null)[],
): Promise<Logout> {
  const { issuer, clientId, signingAlgorithms, clockToleranceSeconds, name: provider } = party.settings
  const jwt = parseCompactJws(token)
  if (!signingAlgorithms.some((accepted) => accepted === jwt.algorithm)) throw refused('alg')
  requireType(jwt.header, types)
  const isOurs = (presumed: JsonObject): void => requireIssuer(presumed, [issuer])
  isOurs(jwt.claims ?? {})
  const { jwks, verification, clock } = await party.client()
  const { claims } = await verifyTokenSignature(jwt, { jwks, algorithms: verification.algorithms, trust: 'bearer' })
  isOurs(claims)
  requireAudience(claims, clientId)
  requireShortLife(claims, clock(), clockToleranceSeconds)
  requireLogoutEvent(claims)
  if (Object.hasOwn(claims, 'nonce')) throw refused('nonce')
  const jti = ownMember(claims, 'jti')
  if (typeof jti !== 'string' || jti === '') throw refused('jti')
  const sid = readSid(claims)
  if (Object.hasOwn(claims, 'sid') && sid === undefined) throw refused('sid')
  return { jti, by: sid === undefined ? { provider, issuer, subject: requireSubject(claims) } : { issuer, sid } }
}

const mostAgeSeconds = 5 * 60

const mostLifeSeconds = 10 * 60

/** A token that is old, or good for long, could be one that somebody has collected. */
function requireShortLife(claims: JsonObject, now: Seconds, toleranceSeconds: Seconds): void {
  const issuedAt = ownMember(claims, 'iat')
  const expiry = ownMember(claims, 'exp')
  // Comparisons are written so that what is no number passes nothing.
  const isRecent = isTime(issuedAt) && issuedAt <= now + toleranceSeconds && issuedAt >= now - mostAgeSeconds
  const isGood = expiry === undefined || (isTime(expiry) && expiry > now && expiry <= now + mostLifeSeconds)
  if (!isRecent) throw refused('iat')
  if (!isGood) throw refused('exp')
}

function isTime(value: unknown): value is number {
  return Number.isFinite(value)
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

function requireLogoutEvent(claims: JsonObject): void {
  const events = ownMember(claims, 'events')
  const isLogout =
    isJsonObject(events) && Object.keys(events).length === 1 && isJsonObject(ownMember(events, logoutEvent))
  if (!isLogout) throw refused('events')
}

/** For how long a token that was used is known: longer than one is accepted. */
const usedSeconds = 10 * 60

/** A token ends something once; one whose end could not be written may come again. */
async function endOnce({ settings, host }: RelyingParty, { jti, by }: Logout): Promise<void> {
  const mine = randomToken(16)
  const used = await host.once(`logout ${JSON.stringify([settings.issuer, jti])}`, {
    lifetime: usedSeconds,
    async work() {
      await host.revokeSessions(by)
      return mine
    },
  })
  if (used !== mine) throw refused('jti')
}
