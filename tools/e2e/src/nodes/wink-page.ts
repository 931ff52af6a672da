import { createHash, randomBytes } from 'node:crypto'
import type { EmulatedWink } from '@latchkey/emulator'

export const winkPageUrls = { returnUrl: 'http://localhost:3001/wink/callback', cancelUrl: 'http://localhost:3001/' }

/** What Wink gives a page for one capture. */
export interface WinkTokens {
  readonly accessToken: string
  readonly idToken: string
  /** Another pair of tokens with the same nonce. */
  refresh(): Promise<WinkTokens>
}

/** Does what the browser SDK does in a page: shows Ada to Wink, and redeems the code. */
export async function capture(
  wink: EmulatedWink,
  login: { readonly sessionId: string; readonly nonce: string },
): Promise<WinkTokens> {
  const verifier = randomBytes(32).toString('base64url')
  const realm = `${wink.authUrl}/realms/${wink.realm}`
  const { returnUrl } = winkPageUrls
  const query = new URLSearchParams({
    client_id: wink.clientId,
    redirect_uri: returnUrl,
    response_type: 'code',
    response_mode: 'query',
    scope: 'openid',
    state: 'the-state-of-the-sdk',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    prompt: 'login',
    ...login,
  })
  const opened = await fetch(`${realm}/protocol/openid-connect/auth?${query}`)
  const [, shown = ''] = /name="req" value="([^"]+)"/.exec(await opened.text()) ?? []
  const body = new URLSearchParams({ req: shown, user: 'ada' })
  const pressed = await fetch(`${realm}/login-actions/authenticate`, { method: 'POST', redirect: 'manual', body })
  const code = new URL(pressed.headers.get('location') ?? '').searchParams.get('code') ?? ''
  return tokensFor(wink, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: returnUrl,
    code_verifier: verifier,
  })
}

async function tokensFor(wink: EmulatedWink, grant: Readonly<Record<string, string>>): Promise<WinkTokens> {
  const response = await fetch(`${wink.authUrl}/realms/${wink.realm}/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: wink.clientId, ...grant }),
  })
  const { access_token: accessToken, id_token: idToken, refresh_token } = (await response.json()) as Tokens
  return { accessToken, idToken, refresh: () => tokensFor(wink, { grant_type: 'refresh_token', refresh_token }) }
}

interface Tokens {
  readonly access_token: string
  readonly id_token: string
  readonly refresh_token: string
}
