import { ownMember } from '@latchkey/core/crypto'
import type { Identity, IdentityOf, JsonObject, Outcome, ProviderRoute, RouteContext } from '@latchkey/core/provider'
import { exchangeCode, type OidcLoginResult } from '../client/code-flow.ts'
import { storedTokens } from '../client/stored-tokens.ts'
import { oidcError } from '../errors/oidc-errors.ts'
import { authenticationTime } from '../verify/claims.ts'
import { callbackPath, type LoginTransaction, loginTransaction } from './login.ts'
import { profileOf, userinfoOf } from './profile.ts'
import type { RelyingParty } from './relying-party.ts'

/** The provider sends the browser back. */
export function callbackRoute<Name extends string>(party: RelyingParty<Name>): ProviderRoute<Name> {
  return {
    method: 'GET',
    path: callbackPath,
    accepts: 'provider-callback',
    async handle(request, context) {
      const { search, searchParams } = new URL(request.url)
      const state = await context.checkState(searchParams.get('state'))
      // Before the login is redeemed: while the provider cannot be asked, it can be finished later.
      const client = await party.client()
      const transaction = await context.transactions<LoginTransaction>(loginTransaction).take(state)
      if (transaction === null) return { kind: 'restart', reason: 'missing_transaction' }
      // Rebuilt from what was kept: the request's host decides nothing.
      const callback = new URL(transaction.redirectUri + search)
      const result = await exchangeCode(client, callback, transaction)
      if (result.kind === 'refused') return restart(result, transaction, context)
      const { claims, tokens } = result
      const authentication = authenticationOf(party, claims, transaction)
      // Verified to be a text.
      const subject = claims['sub'] as string
      const userinfo = await userinfoOf(client, { accessToken: tokens.accessToken, subject })
      const { settings, host } = party
      return {
        kind: 'signed-in',
        identity: identityOf<Name>({
          issuer: settings.issuer,
          subject,
          ...authentication,
          profile: profileOf(settings.profile, { signed: claims, userinfo }),
        }),
        tokens: settings.storeTokens
          ? storedTokens(tokens, { now: host.clock(), nonce: transaction.nonce })
          : undefined,
        sid: readSid(claims),
        returnTo: context.returnTarget(transaction.returnTo),
      }
    },
  }
}

/** The compiler does not know what a name that it does not know has in `Identities`: for the app to say truly. */
function identityOf<Name extends string>(
  identity: Omit<Identity, 'provider' | 'signedInAt'>,
): Omit<IdentityOf<Name>, 'provider' | 'signedInAt'> {
  return identity as Omit<IdentityOf<Name>, 'provider' | 'signedInAt'>
}

const longestSid = 128

/** The provider's name for its session, from a verified token; undefined where it has none that can be kept. */
export function readSid(claims: JsonObject): string | undefined {
  const sid = ownMember(claims, 'sid')
  return typeof sid === 'string' && sid !== '' && sid.length <= longestSid ? sid : undefined
}

/**
 * When the user authenticated, and how we know.
 *
 * @throws `oidc/authentication_too_old` where the login asked for a fresh one
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
function authenticationOf(
  { settings: { clockToleranceSeconds }, host }: RelyingParty,
  claims: JsonObject,
  { issuedAt, maxAuthAgeSeconds, isForced }: LoginTransaction,
): Pick<Identity, 'authenticatedAt' | 'authTimeSource'> {
  const signed = authenticationTime([claims], { now: host.clock(), clockToleranceSeconds })
  // Measured from the request: that is when the provider had to decide, and typing a password takes its time.
  if (
    maxAuthAgeSeconds !== null &&
    !(signed !== undefined && signed >= issuedAt - maxAuthAgeSeconds - clockToleranceSeconds)
  ) {
    throw oidcError('oidc/authentication_too_old')
  }
  if (signed !== undefined) return { authenticatedAt: signed, authTimeSource: 'auth_time' }
  return isForced ? { authenticatedAt: issuedAt, authTimeSource: 'requested' } : {}
}

type Refusal = Extract<OidcLoginResult, { kind: 'refused' }>

/** Answers to `prompt=none`, after which the user must be asked. */
const needsUser: readonly string[] = [
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]

/**
 * A login that begins again, now with the user asked; or one whose code was used or too old.
 *
 * @throws `oidc/access_denied`, `oidc/authorization_refused`, `oidc/grant_refused`
 */
function restart({ at, error }: Refusal, transaction: LoginTransaction, context: RouteContext): Outcome<never> {
  const { returnTo, maxAuthAgeSeconds } = transaction
  const mayBeginAgain = at === 'authorization' ? needsUser.includes(error) : error === 'invalid_grant'
  if (!mayBeginAgain) {
    const refusal = error === 'access_denied' ? 'oidc/access_denied' : 'oidc/authorization_refused'
    throw oidcError(at === 'token' ? 'oidc/grant_refused' : refusal, { cause: { error } })
  }
  return {
    kind: 'restart',
    reason: error,
    returnTo: context.returnTarget(returnTo),
    query: maxAuthAgeSeconds === null ? {} : { max_age: String(maxAuthAgeSeconds) },
  }
}
