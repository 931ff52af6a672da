import { type EmulatedWink, type Emulator, startEmulator } from '@latchkey/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WinkClientOptions } from '../src/index.ts'
import { openServerApp, type ServerVisitor } from './server-app.ts'

let emulator: Emulator<'wristband' | 'wise'>
let wink: EmulatedWink
beforeAll(async () => {
  emulator = await startEmulator({ wristband: false, wise: false })
  wink = emulator.wink
})
afterAll(() => emulator.close())
beforeEach(() => {
  wink.clearFaults()
  wink.journal.clear()
  wink.switches.nonceInAccessToken = true
})

async function signedIn(options: Partial<WinkClientOptions> = {}): Promise<ServerVisitor> {
  const visitor = openServerApp(wink, { storeTokens: true, ...options }).open()
  await visitor.signIn('ada')
  return visitor
}

describe('without storeTokens', () => {
  it('keeps no token of Wink', async () => {
    const visitor = await signedIn({ storeTokens: false })
    await expect(visitor.tokens()).rejects.toMatchObject({ code: 'auth/tokens_missing' })
    wink.clock.advance(400)
    expect((await visitor.identity())?.subject).toBe(wink.users.ada.winkToken)
    expect(wink.journal.count('token')).toBe(1)
  })
})

describe('with storeTokens', () => {
  it.each([true, false])('refreshes what is due, with the nonce in access tokens: %s', async (inAccessToken) => {
    wink.switches.nonceInAccessToken = inAccessToken
    const visitor = await signedIn()
    const [before, identity] = [await visitor.tokens(), await visitor.identity()]
    expect(wink.journal.count('token')).toBe(1)
    wink.clock.advance(250)
    const after = await visitor.tokens()
    expect(wink.journal.count('token')).toBe(2)
    expect(after.accessToken).not.toBe(before.accessToken)
    const refreshed = await visitor.identity()
    expect(refreshed?.profile.verifiedUntil).toBe((identity?.profile.verifiedUntil ?? 0) + 250)
    expect(refreshed?.authenticatedAt).toBe(identity?.authenticatedAt)
    expect(wink.journal.count('verify-client')).toBe(1)
  })

  it('shows no token in the session', async () => {
    const visitor = await signedIn()
    const { accessToken = '', refreshToken = '' } = await visitor.tokens()
    const session = JSON.stringify(await visitor.read())
    expect(session).not.toContain(accessToken)
    expect(session).not.toContain(refreshToken)
  })

  it('ends the identity when Wink has ended the sign-in', async () => {
    const visitor = await signedIn()
    wink.clock.advance(1801)
    await expect(visitor.tokens()).rejects.toMatchObject({ code: 'auth/session_required' })
    expect(await visitor.identity()).toBeUndefined()
  })

  it('keeps the session, and tries again later, when Wink is out', async () => {
    const visitor = await signedIn()
    const { accessToken } = await visitor.tokens()
    wink.clock.advance(250)
    wink.fail('token', { status: 503, times: 1 })
    expect((await visitor.tokens()).accessToken).toBe(accessToken)
    wink.clock.advance(6)
    expect((await visitor.tokens()).accessToken).not.toBe(accessToken)
  })

  it.each(['wrong-azp', 'wrong-sub', 'wrong-iss', 'foreign-key'] as const)(
    'ends the identity for a refreshed access token with %s',
    async (mutation) => {
      const visitor = await signedIn()
      wink.clock.advance(250)
      wink.mutateAccessToken(mutation)
      await expect(visitor.tokens()).rejects.toMatchObject({ code: 'auth/session_required' })
      expect(await visitor.identity()).toBeUndefined()
    },
  )

  it.each(['client_secret_post', 'client_secret_basic', 'none'] as const)(
    'ends the sign-in at Wink from the back end, by %s',
    async (clientAuth) => {
      const visitor = await signedIn({ clientAuth })
      expect(await visitor.signOut()).toEqual({})
      expect(wink.journal.count('logout')).toBe(1)
      expect(await visitor.identity()).toBeUndefined()
    },
  )

  it('sends the browser to Wink where the back end does not get through', async () => {
    const visitor = await signedIn()
    wink.fail('logout', { status: 500, times: 1 })
    const { signOutUrl = '' } = await visitor.signOut()
    expect(signOutUrl).toContain(`${wink.issuer}/protocol/openid-connect/logout?client_id=`)
    expect(signOutUrl).not.toContain('token')
  })
})
