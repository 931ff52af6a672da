import { readUnverifiedClaims } from '@latchkey/core/crypto'
import type { Outcome, ProviderHost, ProviderRoute, RouteContext } from '@latchkey/core/provider'
import type { WinkBrowserTokens } from '../client/browser-login.ts'
import type { WinkBrowserTransaction } from '../client/transaction.ts'
import type { WinkClient } from '../client/wink-client.ts'
import { winkError } from '../model/errors.ts'

/** What the browser flow's logins are remembered as, each under its nonce. */
const browserLogins = 'browser'

/** `POST /session` `{ returnUrl, cancelUrl }`: begins a sign-in of the browser flow. One Wink session for each. */
export function sessionRoute(client: WinkClient): ProviderRoute<'wink'> {
  return {
    method: 'POST',
    path: '/session',
    accepts: 'same-origin',
    attempt: 'login',
    async handle(_request, context) {
      const fields = await context.fields()
      const { sessionId, nonce, transaction } = await client.startBrowserLogin({
        returnUrl: fields.get('returnUrl') ?? '',
        cancelUrl: fields.get('cancelUrl') ?? '',
      })
      await context.transactions<WinkBrowserTransaction>(browserLogins).put(nonce, transaction)
      return { kind: 'json', body: { sessionId, nonce } }
    },
  }
}

/**
 * `POST /token` `{ accessToken, idToken? }`: 204. With the nonce of a login that is under way in this browser it signs in;
 * with none, as after silent SSO or a refresh, it prolongs the Wink identity of this session.
 */
export function tokenRoute(client: WinkClient, host: ProviderHost): ProviderRoute<'wink'> {
  return {
    method: 'POST',
    path: '/token',
    accepts: 'same-origin',
    attempt: 'token',
    async handle(_request, context) {
      const tokens = tokensOf(await context.fields())
      await useOnce(client, host, tokens)
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
  return { accessToken, idToken: idToken === '' ? undefined : idToken }
}

/** Lets each access token that is good be used once. */
async function useOnce(client: WinkClient, host: ProviderHost, { accessToken }: WinkBrowserTokens): Promise<void> {
  const { profile, signedInAt } = await client.verifyAccessToken(accessToken, { remote: false })
  const lifetimeSeconds = profile.verifiedUntil - signedInAt
  if (!(await host.markUsed(`token ${accessToken}`, lifetimeSeconds))) throw winkError('wink/token_replayed')
}

/** Only finds a login by it: that the nonce is in a signed token is checked when the login is finished. */
function nonceOf({ accessToken, idToken }: WinkBrowserTokens): string | null {
  const [nonce] = [accessToken, idToken].map((token) => readUnverifiedClaims(token)?.['nonce']).filter(isText)
  return nonce ?? null
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

async function prolong(
  client: WinkClient,
  { accessToken }: WinkBrowserTokens,
  { nonce, context }: { readonly nonce: string | null; readonly context: RouteContext },
): Promise<Outcome<'wink'>> {
  const held = context.session?.identities.wink
  if (held === undefined) throw winkError(nonce === null ? 'wink/nonce_missing' : 'wink/nonce_mismatch')
  const { issuer, subject, profile } = await client.verifyAccessToken(accessToken)
  if (issuer !== held.issuer || subject !== held.subject) throw winkError('wink/user_changed')
  return { kind: 'extended', profile }
}

const script = 'parent.postMessage(location.href, location.origin)'

/** SHA-256 of the script, for the policy that allows it alone. */
const scriptHash = 'JXGej4mPACbE/fP5kuunldJEyMk62sNjNe85DtAcMoU='

/** `GET /silent-check-sso.html`: the page in the SDK's hidden frame, which hands Wink's answer to the page around it. */
export const silentCheckRoute: ProviderRoute<'wink'> = {
  method: 'GET',
  path: '/silent-check-sso.html',
  accepts: 'any',
  handle: async () =>
    new Response(`<!doctype html>\n<title>Wink</title>\n<script>${script}</script>\n`, {
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': `default-src 'none'; script-src 'sha256-${scriptHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
        'x-frame-options': 'SAMEORIGIN',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      },
    }),
}
