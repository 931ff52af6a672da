import type { Tokens } from '@latchkey/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { clientOf } from './wink-client.ts'
import {
  clientId,
  clientSecret,
  json,
  now,
  profile,
  standInForWink,
  subject,
  type WinkStandIn,
} from './wink-stand-in.ts'

let wink: WinkStandIn
let before: Tokens

standInForWink((started) => {
  wink = started
})
beforeEach(async () => {
  before = { accessToken: await wink.accessToken(), refreshToken: 'canary-refresh-token', expiresAt: now }
})

/** Answers the next refresh: null where a member is null. */
async function handOut(claims: Record<string, unknown>, changes: Record<string, unknown> = {}): Promise<void> {
  const access_token = await wink.accessToken(claims)
  wink.answers.token = (response) => json(response, { access_token, token_type: 'Bearer', expires_in: 300, ...changes })
}

describe('a refresh', () => {
  it('takes null for absent', async () => {
    await handOut({}, { refresh_token: null, id_token: null, expires_in: null, scope: null })
    await expect(clientOf(wink).refresh(before)).resolves.toMatchObject({
      refreshToken: before.refreshToken,
      expiresAt: now + 300,
    })
    expect(wink.to('verify-client')).toEqual([])
  })

  it.each([undefined, null])(
    'whose tokens name nobody (%s) is asked of verify-client, which must name the user',
    async (sub) => {
      const identity = {
        provider: 'wink',
        issuer: wink.issuer,
        subject,
        signedInAt: now,
        profile: { verifiedUntil: now },
      } as const
      await handOut({ sub })
      await expect(clientOf(wink).refresh(before, identity)).resolves.toMatchObject({ expiresAt: now + 300 })
      expect(wink.to('verify-client')).toHaveLength(1)
      wink.answers['verify-client'] = (response) => json(response, { ...profile, winkToken: 'another' })
      await expect(clientOf(wink).refresh(before, identity)).rejects.toMatchObject({ code: 'wink/profile_mismatch' })
      wink.requests.length = 0
      await handOut({ sub }, { id_token: await wink.idToken() })
      await expect(clientOf(wink).refresh(before, identity)).resolves.toMatchObject({ expiresAt: now + 300 })
      expect(wink.to('verify-client')).toEqual([])
    },
  )
})

describe('a refresh whose tokens name nobody, while verify-client fails', () => {
  const begin = async () => {
    await handOut({ sub: null }, { refresh_token: 'the-rotated-one' })
    wink.answers['verify-client'] = (response) => json(response, {}, 503)
    const client = clientOf(wink)
    await expect(client.refresh(before)).rejects.toMatchObject({ code: 'wink/verification_unavailable' })
    wink.answers['verify-client'] = (response) => json(response, profile)
    return client
  }

  it('is completed later, and sends no refresh token twice', async () => {
    const client = await begin()
    await expect(client.refresh(before)).resolves.toMatchObject({ refreshToken: 'the-rotated-one' })
    expect(wink.to('token')).toHaveLength(1)
  })

  it('leaves a refresh token behind that a sign-out ends', async () => {
    const client = await begin()
    wink.answers.logout = (response) => void response.writeHead(204).end()
    await client.signOut(before)
    expect(new URLSearchParams(wink.to('logout')[0]?.body).get('refresh_token')).toBe('the-rotated-one')
  })
})

describe('a sign-out from the back end', () => {
  const signOut = (clientAuthentication: 'client_secret_basic' | 'none' = 'client_secret_basic') =>
    clientOf(wink, { clientAuthentication }).signOut(before)
  const answerBy = (status: number, takes = (_authorization: string) => true): void => {
    wink.answers.logout = (response, { headers }) => {
      if (takes(headers.authorization ?? '')) response.writeHead(status).end()
      else json(response, { error: 'invalid_client' }, 401)
    }
  }

  it.each([200, 202, 204])('has succeeded with %i', async (status) => {
    answerBy(status)
    await expect(signOut()).resolves.toBeUndefined()
  })

  it.each([302, 400, 500])('has failed with %i', async (status) => {
    answerBy(status)
    await expect(signOut()).rejects.toMatchObject({ code: 'wink/sign_out_failed' })
  })

  it('proves the client in the form that the server reads', async () => {
    const encoded = new URLSearchParams({ s: clientSecret }).toString().slice(2)
    const decoding = `Basic ${Buffer.from(`${clientId}:${encoded}`).toString('base64')}`
    answerBy(204, (authorization) => authorization === decoding)
    const client = clientOf(wink, { clientAuthentication: 'client_secret_basic' })
    await client.signOut(before)
    await client.signOut(before)
    expect(wink.to('logout')).toHaveLength(3)
  })

  it('by a public client names the client alone', async () => {
    answerBy(204)
    await signOut('none')
    const [request] = wink.to('logout')
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      client_id: clientId,
      refresh_token: before.refreshToken,
    })
    expect(request?.headers).not.toHaveProperty('authorization')
  })
})

describe('tokens that a page brings', () => {
  /** How a claim may come; 1e400 is no number of JavaScript and stands in the text of the token alone. */
  const values = [null, undefined, 0.5, '1', -1]

  it.each(['sub', 'azp', 'iss', 'exp', 'typ'])('are refused with an access token whose %s is odd', async (claim) => {
    for (const value of values) {
      const accessToken = await wink.accessToken({ nonce: 'n', [claim]: value })
      const login = clientOf(wink).finishBrowserLogin({ accessToken }, { nonce: 'n', mintedAt: now, sso: 'refused' })
      // A subject of '1' is one; it is another than verify-client's.
      await expect(login).rejects.toMatchObject({ code: expect.stringMatching(/^(?:wink|oidc)\//) })
    }
    expect(wink.to('verify-client').length).toBeLessThanOrEqual(1)
  })

  it('are not paired: a stolen access token that names nobody beside an own ID token', async () => {
    for (const sub of [undefined, null]) {
      for (const sid of ['sid-1', undefined]) {
        const accessToken = await wink.accessToken({ sub, sid })
        const idToken = await wink.idToken({ nonce: 'n', sub: 'mallory' })
        const login = clientOf(wink).finishBrowserLogin(
          { accessToken, idToken },
          { nonce: 'n', mintedAt: now, sso: 'refused' },
        )
        await expect(login).rejects.toMatchObject({ status: 401 })
      }
    }
    expect(wink.to('verify-client')).toEqual([])
  })
})
