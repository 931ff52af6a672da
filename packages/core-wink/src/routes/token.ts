import type { Outcome, ProviderRoute, RouteContext, Vault } from '@latchkey/core/provider'
import type { WinkBrowserTokens } from '../browser-flow/finish-browser-login.ts'
import type { WinkBrowserTransaction } from '../browser-flow/start-browser-login.ts'
import { winkError } from '../errors.ts'
import { unverifiedClaims } from '../unverified-claims.ts'
import type { Wink } from '../wink.ts'
import { browserLogins } from './session.ts'

/**
 * `POST /token` `{ accessToken, idToken? }`: 204. With the nonce of a login that is under way in this browser it signs in;
 * with none, as after silent SSO or a refresh, it prolongs the Wink identity of this session.
 */
export function tokenRoute(client: Wink, vault: Vault): ProviderRoute<'wink'> {
  return {
    method: 'POST',
    path: '/token',
    from: 'own-page',
    async handle(_request, context) {
      const tokens = tokensOf(await context.fields())
      await useOnce(client, vault, tokens)
      const nonce = nonceOf(tokens)
      // Consumed before Wink is asked: of two requests at once one goes on.
      const login =
        nonce === null ? null : await context.transactions<WinkBrowserTransaction>(browserLogins).take(nonce)
      if (login === null) return prolong(client, tokens, { nonce, context })
      const identity = await client.finishBrowserLogin(tokens, login)
      return { kind: 'signed-in', identity, returnTo: null }
    },
  }
}

function tokensOf(fields: ReadonlyMap<string, string>): WinkBrowserTokens {
  const accessToken = fields.get('accessToken') ?? ''
  const idToken = fields.get('idToken') ?? ''
  if (accessToken === '') throw winkError('wink/token_missing')
  return { accessToken, ...(idToken !== '' && { idToken }) }
}

/** Lets each access token that is good be used once. */
async function useOnce(client: Wink, vault: Vault, { accessToken }: WinkBrowserTokens): Promise<void> {
  const { profile, signedInAt } = await client.verifyAccessToken(accessToken, { remote: false })
  const lifetimeSeconds = profile.verifiedUntil - signedInAt
  if (!(await vault.markUsed(`wink token ${accessToken}`, lifetimeSeconds))) throw winkError('wink/token_replayed')
}

/** Only finds a login by it: that the nonce is in a signed token is checked when the login is finished. */
function nonceOf({ accessToken, idToken }: WinkBrowserTokens): string | null {
  const [nonce] = [accessToken, idToken ?? ''].map((token) => unverifiedClaims(token)['nonce']).filter(isText)
  return nonce ?? null
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

async function prolong(
  client: Wink,
  { accessToken }: WinkBrowserTokens,
  { nonce, context }: { readonly nonce: string | null; readonly context: RouteContext },
): Promise<Outcome<'wink'>> {
  const held = context.session?.identities.wink
  if (held === undefined) throw winkError(nonce === null ? 'wink/nonce_missing' : 'wink/nonce_mismatch')
  const { issuer, subject, profile } = await client.verifyAccessToken(accessToken)
  if (issuer !== held.issuer || subject !== held.subject) throw winkError('wink/person_changed')
  return { kind: 'prolonged', profile }
}
