import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { Pool } from 'undici'
import { verifyJwtFloor } from './jwt.ts'

/** What a provider says of a user who signed in. */
export interface SignedIn {
  readonly accessToken: string
  readonly refreshToken: string
  readonly claims: Readonly<Record<string, unknown>>
}

type Redeem = (code: string, login: { nonce: string; verifier: string }, redirectUri: string) => Promise<SignedIn>

/** Redeems a code by the shortest code: the token request, an ID token that is verified, and userinfo, over connections that stay. */
export async function createSignInFloor(
  issuer: string,
  client: { readonly id: string; readonly secret: string },
): Promise<Redeem> {
  const pool = new Pool(issuer, { connections: 16 })
  const ask = async (path: string, headers: Record<string, string>, body?: string): Promise<unknown> => {
    const answer = await pool.request({
      method: body === undefined ? 'GET' : 'POST',
      path,
      headers,
      body: body ?? null,
    })
    if (answer.statusCode !== 200) throw new Error(path)
    return answer.body.json()
  }
  const { keys } = (await ask('/api/v1/oauth2/jwks', {})) as { keys: (JsonWebKey & { kid: string })[] }
  const known = new Map(keys.map((key) => [key.kid, createPublicKey({ key, format: 'jwk' })]))
  const demand = { keys: known, algorithm: 'RS256', type: 'JWT', issuer, audience: client.id } as const
  const basic = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`
  const form = { 'content-type': 'application/x-www-form-urlencoded', authorization: basic }

  return async (code, login, redirectUri) => {
    const body = `grant_type=authorization_code&code=${code}&redirect_uri=${encodeURIComponent(redirectUri)}`
    const tokens = (await ask('/api/v1/oauth2/token', form, `${body}&code_verifier=${login.verifier}`)) as {
      readonly access_token: string
      readonly refresh_token: string
      readonly id_token: string
    }
    const { nonce, sub } = verifyJwtFloor(tokens.id_token, demand) as { exp: number; nonce?: string; sub?: string }
    if (nonce !== login.nonce) throw new Error('nonce')
    const authorization = `Bearer ${tokens.access_token}`
    const claims = (await ask('/api/v1/oauth2/userinfo', { authorization })) as SignedIn['claims']
    if (claims['sub'] !== sub) throw new Error('subject')
    return { accessToken: tokens.access_token, refreshToken: tokens.refresh_token, claims }
  }
}
