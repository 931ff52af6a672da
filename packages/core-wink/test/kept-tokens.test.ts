import type { AuthEvent } from '@latchkey/core'
import { type EmulatedWink, type Emulator, startEmulator } from '@latchkey/emulator'
import { happeningsIn } from '@latchkey/tool-test-support'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WinkClientOptions } from '../src/index.ts'
import { openServerApp, type ServerVisitor } from './server-app.ts'

let emulator: Emulator<'wristband' | 'wise'>
let wink: EmulatedWink
beforeAll(async () => {
  emulator = await startEmulator({ wristband: false, wise: false, clock: 'manual' })
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
    await expect(visitor.accessToken()).rejects.toMatchObject({ code: 'auth/tokens_missing' })
    wink.clock.advance(400)
    expect((await visitor.identity())?.subject).toBe(wink.users.ada.winkToken)
    expect(wink.journal.count('token')).toBe(1)
  })
})

describe('with storeTokens', () => {
  it.each([true, false])('refreshes what is due, with the nonce in access tokens: %s', async (inAccessToken) => {
    wink.switches.nonceInAccessToken = inAccessToken
    const visitor = await signedIn()
    const [before, identity] = [await visitor.accessToken(), await visitor.identity()]
    expect(wink.journal.count('token')).toBe(1)
    wink.clock.advance(250)
    const after = await visitor.accessToken()
    expect(wink.journal.count('token')).toBe(2)
    expect(after).not.toBe(before)
    const refreshed = await visitor.identity()
    expect(refreshed?.profile.verifiedUntil).toBe((identity?.profile.verifiedUntil ?? 0) + 250)
    expect(refreshed?.authenticatedAt).toBe(identity?.authenticatedAt)
    expect(wink.journal.count('verify-client')).toBe(1)
  })

  it('shows no token in the session', async () => {
    const given: Record<string, string>[] = []
    const visitor = await signedIn({
      async fetch(...request) {
        const response = await fetch(...request)
        if (String(request[0]).endsWith('/token')) given.push((await response.clone().json()) as Record<string, string>)
        return response
      },
    })
    expect(given).toEqual([
      expect.objectContaining({
        access_token: await visitor.accessToken(),
        refresh_token: expect.any(String) as string,
      }),
    ])
    const session = JSON.stringify(await visitor.read())
    expect(session).toContain(wink.users.ada.winkToken)
    for (const name of ['access_token', 'refresh_token', 'id_token']) expect(session).not.toContain(given[0]?.[name])
  })

  it('ends the identity when Wink has ended the sign-in', async () => {
    const visitor = await signedIn()
    wink.clock.advance(1801)
    await expect(visitor.accessToken()).rejects.toMatchObject({ code: 'auth/session_required' })
    expect(await visitor.identity()).toBeUndefined()
  })

  it('keeps the session, and tries again later, when Wink is out', async () => {
    const visitor = await signedIn()
    const accessToken = await visitor.accessToken()
    wink.clock.advance(250)
    wink.fail('token', { status: 503, times: 1 })
    expect(await visitor.accessToken()).toBe(accessToken)
    wink.clock.advance(6)
    expect(await visitor.accessToken()).not.toBe(accessToken)
  })

  it.each(['wrong-azp', 'wrong-sub', 'wrong-iss', 'foreign-key'] as const)(
    'ends the identity for a refreshed access token with %s',
    async (mutation) => {
      const visitor = await signedIn()
      wink.clock.advance(250)
      wink.mutateAccessToken(mutation)
      await expect(visitor.accessToken()).rejects.toMatchObject({ code: 'auth/session_required' })
      expect(await visitor.identity()).toBeUndefined()
    },
  )

  it.each(['client_secret_post', 'client_secret_basic', 'none'] as const)(
    'ends the sign-in at Wink from the back end, by %s',
    async (clientAuthentication) => {
      const visitor = await signedIn({ clientAuthentication })
      expect(await visitor.signOut()).toEqual({})
      expect(wink.journal.count('logout')).toBe(1)
      expect(await visitor.identity()).toBeUndefined()
    },
  )

  it('sends the browser to Wink where the back end does not get through, and says so', async () => {
    const events: AuthEvent[] = []
    const visitor = openServerApp(wink, { storeTokens: true }, { onEvent: happeningsIn(events) }).open()
    await visitor.signIn('ada')
    wink.fail('logout', { status: 500, times: 1 })
    const { signOutUrl = '' } = await visitor.signOut()
    expect(signOutUrl).toContain(`${wink.issuer}/protocol/openid-connect/logout?client_id=`)
    expect(signOutUrl).not.toContain('token')
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'provider.sign_out_failed', provider: 'wink', code: 'wink/sign_out_failed' }),
    )
  })
})
