import { createHash } from 'node:crypto'
import type { EmulatedWristband } from '../src/index.ts'
import type { Browser, Visit } from './browser.ts'
import { hiddenField } from './browser.ts'

export const redirectUri = 'http://localhost:3001/auth/wristband/callback'
export const verifier = 'a-code-verifier-of-these-tests-that-is-long-enough-0123456789'
export const challenge: string = createHash('sha256').update(verifier).digest('base64url')

/** The address at which an application starts a login. */
export function authorizeUrl(
  { applicationDomain, clientId }: EmulatedWristband,
  { tenant = 'acme', ...changes }: Record<string, string | undefined> = {},
): string {
  const url = new URL(`http://${tenant}.${applicationDomain}/api/v1/oauth2/authorize`)
  const fields = {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid offline_access profile email roles',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...changes,
  }
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}

/** Walks from the authorization request over the login page to the callback's address. */
export async function signIn(
  browser: Browser,
  start: string,
  user: string,
): Promise<{ callback: URL; page: Visit; answer: Visit }> {
  const toLogin = await browser.visit(start)
  const page = await browser.visit(toLogin.location)
  const form = { req: hiddenField(page.text, 'req'), user }
  const answer = await browser.visit(new URL('/login', toLogin.location).href, { form })
  return { callback: new URL(answer.location), page, answer }
}

export const basic = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }): string =>
  `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`

/** A call of the token endpoint by the application's back end. */
export const requestToken = (system: EmulatedWristband, form: Record<string, string>): Promise<Response> =>
  fetch(`${system.url}/api/v1/oauth2/token`, {
    method: 'POST',
    headers: { authorization: basic(system) },
    body: new URLSearchParams(form),
    redirect: 'manual',
  })

export const redeem = (
  system: EmulatedWristband,
  callback: URL,
  changes: Record<string, string> = {},
): Promise<Response> =>
  requestToken(system, {
    grant_type: 'authorization_code',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...changes,
  })

export interface Tokens {
  readonly access_token: string
  readonly id_token: string
  readonly refresh_token: string
}

export const tokensOf = async (answer: Promise<Response>): Promise<Tokens> => (await (await answer).json()) as Tokens

export const errorOf = async (answer: Promise<Response>): Promise<string> => {
  const response = await answer
  return `${response.status} ${((await response.json()) as { error: string }).error}`
}
