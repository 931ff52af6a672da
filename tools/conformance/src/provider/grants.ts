import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Members, Misbehaviour } from './misbehaviour.ts'
import type { PublishedKeys } from './published-keys.ts'
import { registration, user } from './registration.ts'
import { signToken } from './signing-keys.ts'

const lifetimeSeconds = 1800

/** Tokens of one grant, as the token endpoint answers them. */
export interface Grants {
  /** The answer to the redemption of a code. */
  signIn(authorization: URLSearchParams): Members
  /** The answer to a refresh; null for a refresh token that is not the newest of its family. */
  refresh(refreshToken: string): Members | null
  /** A token that says that the user's session at the provider has ended. */
  logoutToken(): string
  /** Whether an access token is good now. */
  isAlive(accessToken: string): boolean
  /** Everything that no page may show. */
  readonly secrets: readonly string[]
}

/** Issues tokens: RS256, refresh tokens that rotate, and whatever is wrong in this module. */
export function createGrants(
  issuer: string,
  {
    clock,
    keys,
    misbehaviour,
  }: { readonly clock: Clock; readonly keys: PublishedKeys; readonly misbehaviour: Misbehaviour },
): Grants {
  const refreshTokens = new Map<string, string>()
  const accessTokens = new Map<string, number>()
  const secrets: string[] = [registration.clientSecret]

  function issue(scope: string, changeIdToken: (claims: Members) => void): Members {
    const { now } = clock
    if (misbehaviour.rotatesBeforeSigning) keys.rotate()
    const common = { iss: issuer, sub: user.subject, iat: now, auth_time: now, tnt_id: user.tenantId }
    const accessClaims: Members = {
      ...common,
      exp: now + lifetimeSeconds,
      client_id: registration.clientId,
      sub_kind: 'user',
      scope,
      jti: randomBytes(8).toString('hex'),
    }
    misbehaviour.accessToken?.(accessClaims, now)
    const accessToken = signToken(accessClaims, { ...keys.signing('RS256'), secret: '', type: 'at+JWT' })
    const idClaims: Members = {
      ...common,
      aud: registration.clientId,
      exp: now + 300,
      sid: user.sid,
      at_hash: createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url'),
    }
    changeIdToken(idClaims)
    const idToken = signToken(idClaims, {
      ...keys.signing(misbehaviour.signedBy ?? 'RS256'),
      secret: registration.clientSecret,
      type: 'id+JWT',
    })
    const refreshToken = randomBytes(32).toString('base64url')
    accessTokens.set(accessToken, now + lifetimeSeconds)
    refreshTokens.set(refreshToken, scope)
    secrets.push(accessToken, idToken, refreshToken)
    const body: Members = {
      access_token: accessToken,
      id_token: idToken,
      refresh_token: refreshToken,
      token_type: 'Bearer',
      expires_in: lifetimeSeconds,
    }
    misbehaviour.tokenResponse?.(body)
    return body
  }

  return {
    secrets,
    signIn: (authorization) =>
      issue(authorization.get('scope') ?? '', (claims) => {
        claims['nonce'] = authorization.get('nonce')
        misbehaviour.idToken?.(claims, clock.now)
      }),
    refresh(refreshToken) {
      const scope = refreshTokens.get(refreshToken)
      if (scope === undefined) return null
      refreshTokens.delete(refreshToken)
      const body = issue(scope, (claims) => misbehaviour.refreshedIdToken?.(claims, clock.now))
      misbehaviour.refreshResponse?.(body)
      return body
    },
    logoutToken() {
      const claims: Members = {
        iss: issuer,
        sub: user.subject,
        sid: user.sid,
        aud: registration.clientId,
        iat: clock.now,
        exp: clock.now + 120,
        jti: randomBytes(8).toString('hex'),
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      }
      misbehaviour.logoutToken?.(claims)
      const { logoutTokenSignedBy = 'RS256' } = misbehaviour
      const { clientSecret: secret } = registration
      return signToken(claims, { ...keys.signing(logoutTokenSignedBy), secret, type: 'logout+jwt' })
    },
    isAlive: (accessToken) => (accessTokens.get(accessToken) ?? 0) > clock.now,
  }
}
