import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EmulatedWristband, type Emulator, startEmulator } from '../src/index.ts'
import { type Browser, openBrowser } from './browser.ts'
import {
  authorizeUrl,
  basic,
  errorOf,
  redeem,
  requestToken,
  signIn,
  type Tokens,
  tokensOf,
} from './wristband-journey.ts'

let emulator: Emulator<'wink' | 'wise'>
let wristband: EmulatedWristband
let browser: Browser

beforeEach(async () => {
  emulator = await startEmulator({ wink: false, wise: false, clock: 'manual' })
  wristband = emulator.wristband
  browser = openBrowser()
})
afterEach(() => emulator.close())

const adaTokens = async (): Promise<Tokens> =>
  tokensOf(redeem(wristband, (await signIn(browser, authorizeUrl(wristband), 'ada')).callback))

const refresh = (refreshToken: string): Promise<Response> =>
  requestToken(wristband, { grant_type: 'refresh_token', refresh_token: refreshToken })

describe('refresh', () => {
  it('keeps subject, tenant and time of sign-in, and has no nonce', async () => {
    const first = await adaTokens()
    wristband.clock.advance(1800)
    const second = await tokensOf(refresh(first.refresh_token))
    const { auth_time, iat, ...claims } = decodeJwt(second.id_token)
    expect(auth_time).toBe(decodeJwt(first.id_token).auth_time)
    expect(Number(iat) - Number(auth_time)).toBe(1800)
    expect(claims).not.toHaveProperty('nonce')
    expect(decodeJwt(second.access_token)).toMatchObject({
      sub: wristband.users.ada.subject,
      tnt_id: wristband.tenants.acme.id,
    })
  })

  it.each([
    ['rotate', true],
    ['keep', false],
    ['omit', undefined],
  ] as const)('can %s the refresh token', async (rotation, isNew) => {
    wristband.switches.rotation = rotation
    const first = await adaTokens()
    const { refresh_token } = await tokensOf(refresh(first.refresh_token))
    expect(refresh_token === undefined ? undefined : refresh_token !== first.refresh_token).toBe(isNew)
    expect((await refresh(refresh_token ?? first.refresh_token)).status).toBe(200)
  })

  it.each([
    ['accept', 200, 200],
    ['refuse', 400, 200],
    ['revoke-family', 400, 400],
  ] as const)('can %s a refresh token that was replaced', async (reuse, replayed, successor) => {
    wristband.switches.reuseRefresh = reuse
    const first = await adaTokens()
    const second = await tokensOf(refresh(first.refresh_token))
    expect((await refresh(first.refresh_token)).status).toBe(replayed)
    expect((await refresh(second.refresh_token)).status).toBe(successor)
  })

  it('is over after a revocation, which is 200 for any token', async () => {
    const { refresh_token } = await adaTokens()
    const revoke = (token: string): Promise<Response> =>
      fetch(`${wristband.url}/api/v1/oauth2/revoke`, {
        method: 'POST',
        headers: { authorization: basic(wristband) },
        body: new URLSearchParams({ token, token_type_hint: 'refresh_token' }),
      })
    expect((await revoke('whatever')).status).toBe(200)
    expect((await revoke(refresh_token)).status).toBe(200)
    expect(await errorOf(refresh(refresh_token))).toBe('400 invalid_grant')
  })
})

describe('a refresh token that was replaced', () => {
  it.each(['refuse', 'revoke-family'] as const)('is accepted for a while before it comes to %s', async (reuse) => {
    Object.assign(wristband.switches, { reuseRefresh: reuse, reuseGraceSeconds: 30 })
    const { refresh_token } = await adaTokens()
    expect((await refresh(refresh_token)).status).toBe(200)
    wristband.clock.advance(29)
    expect((await refresh(refresh_token)).status).toBe(200)
    wristband.clock.advance(1)
    expect(await errorOf(refresh(refresh_token))).toBe('400 invalid_grant')
    expect(wristband.journal.count('token', { grant_type: 'refresh_token' })).toBe(3)
    expect(wristband.journal.count('token')).toBe(4)
  })
})
