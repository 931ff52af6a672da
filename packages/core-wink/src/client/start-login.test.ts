import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { cancelUrl, clientOf, redirectUri } from '../../test/wink-client.ts'
import { clientId, now, standInForWink, type WinkStandIn } from '../../test/wink-stand-in.ts'

let wink: WinkStandIn
standInForWink((started) => {
  wink = started
})

describe('startLogin', () => {
  it('mints one Wink session for the redirect and sends the browser on with it', async () => {
    const { url, id, transaction } = await clientOf(wink).startLogin({ redirectUri, cancelUrl, returnTo: '/payroll' })
    expect(wink.requests.map(({ path }) => path)).toEqual(['/wink/v1/session'])
    expect(JSON.parse(wink.requests[0]?.body ?? '')).toEqual({ returnUrl: redirectUri, cancelUrl })
    expect(url.origin + url.pathname).toBe(`${wink.url}/realms/wink/protocol/openid-connect/auth`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: clientId,
      response_type: 'code',
      response_mode: 'query',
      redirect_uri: redirectUri,
      scope: 'openid',
      state: transaction.state,
      nonce: transaction.nonce,
      prompt: 'login',
      code_challenge: createHash('sha256').update(transaction.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
      sessionId: 'f0e1d2c3-0000-4000-8000-00000000abcd',
    })
    expect(id).toBe(transaction.state)
    expect(transaction).toMatchObject({ redirectUri, returnTo: '/payroll', mintedAt: now, sso: 'refused' })
  })

  it('uses the state that it is given, and new secrets each time', async () => {
    const client = clientOf(wink)
    const one = await client.startLogin({ redirectUri, cancelUrl, state: 'state-of-core' })
    const other = await client.startLogin({ redirectUri, cancelUrl, state: 'state-of-core' })
    expect(one.url.searchParams.get('state')).toBe('state-of-core')
    expect(one.transaction.nonce).not.toBe(other.transaction.nonce)
    expect(one.transaction.codeVerifier).not.toBe(other.transaction.codeVerifier)
  })

  it('lets Wink skip the biometrics only when told so', async () => {
    const { url, transaction } = await clientOf(wink).startLogin({ redirectUri, cancelUrl, allowSso: true })
    expect(url.searchParams.has('prompt')).toBe(false)
    expect(transaction.sso).toBe('allowed')
  })
})
