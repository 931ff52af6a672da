import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Emulator, type EmulatorOptions, startEmulator, type WristbandSystemOptions } from '../src/index.ts'
import { openBrowser } from './browser.ts'
import { authUrl, cancelUrl, createSession, postSession, returnUrl } from './wink-journey.ts'
import { authorizeUrl, basic } from './wristband-journey.ts'

let emulator: Emulator

const start = async (wristband: WristbandSystemOptions = {}): Promise<void> => {
  emulator = await startEmulator({ clock: 'manual', wristband })
}
beforeEach(() => start())
afterEach(() => emulator.close())

const statusFor = async (redirect_uri: string): Promise<number> =>
  (await openBrowser().visit(authorizeUrl(emulator.wristband, { redirect_uri }))).status

describe('callbacks of Wristband', () => {
  it.each([
    'http://localhost:5173/auth/wristband/callback',
    'https://localhost:8443/any/path',
    'http://127.0.0.1:8080/callback',
    'http://[::1]:8080/callback',
    'http://acme.app.localhost:3000/callback',
  ])('are accepted anywhere on this machine: %s', async (uri) => {
    expect(await statusFor(uri)).toBe(302)
  })

  it.each([
    'https://evil.example/callback',
    'http://localhost.evil.example/',
    'http://user@localhost:3000/',
    'a:b',
    '',
  ])('are refused anywhere else: %j', async (uri) => {
    expect(await statusFor(uri)).toBe(400)
  })

  it('are those that are named, once some are', async () => {
    const uri = 'https://app.example/callback'
    await emulator.close()
    await start({ redirectUris: [uri] })
    expect([await statusFor(uri), await statusFor('http://localhost:3001/callback')]).toEqual([302, 400])
    emulator.wristband.registerRedirectUri('http://localhost:3001/callback')
    expect(await statusFor('http://localhost:3001/callback')).toBe(302)
  })
})

describe('the ways on from a sign-out of Wristband', () => {
  const statusOf = async (redirect_url: string): Promise<number> => {
    const { applicationDomain, clientId } = emulator.wristband
    const query = new URLSearchParams({ client_id: clientId, redirect_url })
    return (await openBrowser().visit(`http://acme.${applicationDomain}/api/v1/logout?${query}`)).status
  }

  it('lead anywhere on this machine, until some are named', async () => {
    const seen = [await statusOf('http://localhost:5173/bye'), await statusOf('https://evil.example/')]
    emulator.wristband.registerLogoutUrl('https://app.example/bye')
    seen.push(await statusOf('https://app.example/bye'), await statusOf('http://localhost:5173/bye'))
    expect(seen).toEqual([302, 400, 302, 400])
  })
})

describe('addresses of Wink', () => {
  it('are of this machine, or of the origin of a callback that is named', async () => {
    const elsewhere = { returnUrl: 'https://app.example/callback', cancelUrl: 'https://app.example/cancel' }
    const ask = async (urls: object): Promise<number> =>
      (await postSession(emulator.wink, urls, { authorization: basic(emulator.wink) })).status
    expect(await createSession(emulator.wink)).not.toBe('')
    expect(await ask(elsewhere)).toBe(400)
    expect(await ask({ ...elsewhere, cancelUrl })).toBe(400)
    expect(await ask({ ...elsewhere, returnUrl })).toBe(400)
    emulator.wink.registerRedirectUri('https://app.example/callback')
    expect(await ask(elsewhere)).toBe(200)
    expect(await ask({ ...elsewhere, cancelUrl: 'https://evil.example/cancel' })).toBe(400)
  })
})

describe('callbacks of Wink', () => {
  it('are refused elsewhere on a page, and never by a redirect to them', async () => {
    const at = async (redirect_uri: string) =>
      (await openBrowser().visit(await authUrl(emulator.wink, { redirect_uri, response_type: 'token' }))).status
    expect([await at('https://evil.example/callback'), await at(returnUrl)]).toEqual([400, 302])
  })
})

describe('names', () => {
  it.each([
    ['mutation', (): void => emulator.wristband.mutateIdToken('wrong-nonse' as 'wrong-nonce')],
    ['mutation', (): void => emulator.wink.mutateAccessToken('toString' as 'expired')],
    ['mutation', (): void => emulator.wristband.mutateCallback('no-state' as 'missing-state')],
    ['mutation', (): void => emulator.wristband.mutateUserinfo('wrong-subject' as 'wrong-sub')],
    ['mutation', (): void => emulator.wink.mutateProfile('wrong-sub' as 'wrong-token')],
    ['interruption', (): void => emulator.wink.interruptCapture('expired' as 'login-session-state')],
    ['tenant', (): void => emulator.wristband.codeOfTenant('acne' as 'acme')],
    ['endpoint', (): void => emulator.wristband.fail('tokens' as 'token', { status: 500 })],
    ['endpoint', (): void => emulator.wise.slow('launch' as 'classes', { seconds: 1 })],
  ])('that are no %s are refused, with those that there are', (kind, plan) => {
    expect(plan).toThrow(new RegExp(`^There is no ${kind} '[^']+'\\. Known: [a-z-]+(?:, [a-z0-9-]+)*\\.$`))
  })

  it('that are no option are refused before anything listens', async () => {
    const misspelt = { wristband: { ports: 4001 } } as EmulatorOptions
    await expect(startEmulator(misspelt)).rejects.toThrow("There is no option 'ports'")
    await expect(startEmulator({ hots: 'localhost' } as EmulatorOptions)).rejects.toThrow("There is no option 'hots'")
  })
})
