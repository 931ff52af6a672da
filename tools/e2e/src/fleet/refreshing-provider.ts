import type { AuthProvider, RefreshResult } from '@latchkey/core/provider'
import { exampleProvider } from '@latchkey/tool-test-support/example-provider'

/** How an app is registered at the certified provider. */
export const client = {
  id: 'example-client',
  secret: 'an-example-secret-of-the-client',
  redirectUri: 'https://app.example/callback',
} as const

/** The example provider with tokens that are refreshed at a token endpoint. Users are signed in by the test. */
export function refreshingProvider(tokenUrl: string, clock: () => number): AuthProvider<'acme'> {
  return exampleProvider({
    refresh: async ({ refreshToken = '' }) => resultOf(await sendRefresh(tokenUrl, refreshToken), clock()),
  })
}

async function sendRefresh(tokenUrl: string, refreshToken: string): Promise<Response> {
  return fetch(tokenUrl, {
    method: 'POST',
    redirect: 'manual',
    headers: { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    signal: AbortSignal.timeout(5000),
  })
}

async function resultOf(response: Response, now: number): Promise<RefreshResult> {
  const body = (await response.json()) as Readonly<Record<string, string & number>>
  if (body['error'] === 'invalid_grant') return { kind: 'ended', reason: 'invalid_grant' }
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: lifetimeSeconds } = body
  if (accessToken === undefined || refreshToken === undefined || lifetimeSeconds === undefined) {
    return { kind: 'failed', code: 'acme/token_endpoint_failed' }
  }
  const expiresAt = now + lifetimeSeconds
  return { kind: 'refreshed', tokens: { accessToken, refreshToken, expiresAt, refreshAt: expiresAt - 60 } }
}
