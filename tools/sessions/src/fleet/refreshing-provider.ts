import type { AuthProvider, Identity, RefreshResult } from '@latchkey/core/provider'
import { clientId, clientSecret } from './certified-provider.ts'

declare module '@latchkey/core' {
  interface Identities {
    acme: Identity<'acme'>
  }
}

/** A provider that does nothing but refresh: users are signed in by the test. */
export function refreshingProvider(tokenUrl: string): AuthProvider<'acme'> {
  return {
    name: 'acme',
    mount: ({ clock }) => ({
      routes: [],
      refresh: async ({ refreshToken = '' }) => refresh(await refresh(tokenUrl, refreshToken), clock()),
    }),
  }
}

async function refresh(tokenUrl: string, refreshToken: string): Promise<Response> {
  return fetch(tokenUrl, {
    method: 'POST',
    redirect: 'manual',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    signal: AbortSignal.timeout(5000),
  })
}

async function refresh(response: Response, now: number): Promise<RefreshResult> {
  const body = (await response.json()) as Readonly<Record<string, string & number>>
  if (body['error'] === 'invalid_grant') return { kind: 'ended', reason: 'invalid_grant' }
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: lifetimeSeconds } = body
  if (accessToken === undefined || refreshToken === undefined || lifetimeSeconds === undefined) {
    return { kind: 'failed', code: 'acme/token_endpoint_failed' }
  }
  const expiresAt = now + lifetimeSeconds
  return { kind: 'refreshed', tokens: { accessToken, refreshToken, expiresAt, refreshAt: expiresAt - 60 } }
}
