import type { EmulatedWink } from '../src/index.ts'
import { type Browser, hiddenField, type Visit } from './browser.ts'
import { basic, challenge, type Tokens, verifier } from './wristband-journey.ts'

export const returnUrl = 'http://localhost:3001/auth/wink/callback'
export const cancelUrl = 'http://localhost:3001/auth/wink/cancel'

/** The back end's call before each login. */
export const postSession = (
  wink: EmulatedWink,
  body: object = { returnUrl, cancelUrl },
  headers: Record<string, string> = { authorization: basic(wink) },
): Promise<Response> =>
  fetch(`${wink.apiUrl}/wink/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

export const createSession = async (wink: EmulatedWink): Promise<string> =>
  ((await (await postSession(wink)).json()) as { sessionId: string }).sessionId

/** The address at which a login starts; a fresh session unless one is given. */
export async function authUrl(wink: EmulatedWink, changes: Record<string, string | undefined> = {}): Promise<string> {
  const url = new URL(`${wink.issuer}/protocol/openid-connect/auth`)
  const fields = {
    client_id: wink.clientId,
    redirect_uri: returnUrl,
    response_type: 'code',
    scope: 'openid',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    prompt: 'login',
    ...('sessionId' in changes ? {} : { sessionId: await createSession(wink) }),
    ...changes,
  }
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}

/** Presses a button of the capture page. */
export async function capture(browser: Browser, start: string, button: Record<string, string>): Promise<Visit> {
  const page = await browser.visit(start)
  const action = new URL(/action="([^"]*)"/.exec(page.text)?.[1] ?? '', start)
  return browser.visit(action.href, { form: { req: hiddenField(page.text, 'req'), ...button } })
}

export const postToken = (
  wink: EmulatedWink,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${wink.issuer}/protocol/openid-connect/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ client_id: wink.clientId, ...form }),
  })

export const redeemCode = (
  wink: EmulatedWink,
  callback: string,
  changes: Record<string, string> = {},
): Promise<Response> =>
  postToken(wink, {
    grant_type: 'authorization_code',
    code: new URL(callback).searchParams.get('code') ?? '',
    redirect_uri: returnUrl,
    code_verifier: verifier,
    ...changes,
  })

export async function tokensOfAda(wink: EmulatedWink, browser: Browser): Promise<Tokens> {
  const { location } = await capture(browser, await authUrl(wink), { user: 'ada' })
  return (await (await redeemCode(wink, location)).json()) as Tokens
}

export const verifyClient = (wink: EmulatedWink, AccessToken: string, changes: object = {}): Promise<Response> =>
  fetch(`${wink.apiUrl}/api/ConfidentialClient/verify-client`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ClientId: wink.clientId, ClientSecret: wink.clientSecret, AccessToken, ...changes }),
  })
