import { type EmulatedWink, type Emulator, startEmulator } from '@latchkey/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createWinkClient,
  type WinkClient,
  type WinkClientOptions,
  type WinkLoginOptions,
  type WinkLoginStart,
} from '../src/index.ts'

const redirectUri = 'http://localhost:3001/auth/wink/callback'
const cancelUrl = 'http://localhost:3001/auth/wink/cancel'

let emulator: Emulator<'wristband' | 'wise'>
let wink: EmulatedWink
let client: WinkClient
/** Wink's own cookies in this browser: its single sign-on. */
let sso: string

beforeAll(async () => {
  emulator = await startEmulator({ wristband: false, wise: false, clock: 'manual' })
  wink = emulator.wink
})
afterAll(() => emulator.close())
beforeEach(() => {
  sso = ''
  wink.clearFaults()
  wink.journal.clear()
  Object.assign(wink.switches, { authTime: 'zero', cancel: 'cancel-url' })
  client = clientOf()
})

function clientOf(options: Partial<WinkClientOptions> = {}): WinkClient {
  const { clientId, clientSecret, apiUrl, authUrl } = wink
  return createWinkClient({
    clientId,
    clientSecret,
    environment: { apiUrl, authUrl },
    returnUrls: [redirectUri],
    cancelUrls: [cancelUrl],
    clock: () => wink.clock.now(),
    ...options,
  })
}

const begin = (options: Partial<WinkLoginOptions> = {}): Promise<WinkLoginStart> =>
  client.startLogin({ redirectUri, cancelUrl, ...options })

/** Opens Wink's page and presses a button of it; returns where Wink sends the browser. */
async function capture({ url }: WinkLoginStart, button: Record<string, string>): Promise<URL> {
  const opened = await fetch(url, { redirect: 'manual', headers: { cookie: sso } })
  if (opened.status !== 200) return new URL(opened.headers.get('location') ?? '')
  const [, token = ''] = /name="req" value="([^"]+)"/.exec(await opened.text()) ?? []
  const pressed = await fetch(new URL('/realms/wink/login-actions/authenticate', wink.url), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ req: token, ...button }),
  })
  sso =
    pressed.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ') || sso
  return new URL(pressed.headers.get('location') ?? '')
}

describe('the server flow against the emulator', () => {
  it('signs Ada in, with a code and PKCE, and asks verify-client once', async () => {
    const login = await begin({ returnTo: '/payroll' })
    const callback = await capture(login, { user: 'ada' })
    expect(callback.hash).toBe('')
    const { ada } = wink.users
    expect(await client.finishLogin(callback, login.transaction)).toMatchObject({
      kind: 'completed',
      identity: {
        issuer: wink.issuer,
        subject: ada.winkToken,
        authenticatedAt: login.transaction.mintedAt,
        authTimeSource: 'requested',
        profile: { name: 'Ada Lovelace', tag: ada.winkTag, email: ada.email, birthYear: ada.birthYear },
      },
      tokens: null,
      returnTo: '/payroll',
    })
    expect(wink.journal.count('session')).toBe(1)
    expect(wink.journal.count('token')).toBe(1)
    expect(wink.journal.count('verify-client')).toBe(1)
  })

  it.each(['none', 'client_secret_basic', 'client_secret_post'] as const)(
    'authenticates by %s',
    async (clientAuthentication) => {
      const other = clientOf({ clientAuthentication })
      const login = await other.startLogin({ redirectUri, cancelUrl })
      const callback = await capture(login, { user: 'bob' })
      expect(await other.finishLogin(callback, login.transaction)).toMatchObject({ kind: 'completed' })
    },
  )

  it('names a wrong secret at the first call', async () => {
    const other = clientOf({ clientSecret: 'another-example-secret' })
    await expect(other.startLogin({ redirectUri, cancelUrl })).rejects.toMatchObject({
      code: 'wink/environment_refused',
    })
  })

  it('asks for biometrics again though Wink still knows the user, unless told otherwise', async () => {
    await capture(await begin(), { user: 'ada' })
    const forced = await fetch((await begin()).url, { redirect: 'manual', headers: { cookie: sso } })
    expect(forced.status).toBe(200)
    const silent = await begin({ allowSso: true })
    const result = await client.finishLogin(await capture(silent, {}), silent.transaction)
    expect(result).toMatchObject({ kind: 'completed', identity: { subject: wink.users.ada.winkToken } })
    expect(result).not.toHaveProperty('identity.authTimeSource')
  })

  it('believes the auth_time that Wink signs, also when a user took prompt=login away', async () => {
    wink.switches.authTime = 'real'
    await capture(await begin(), { user: 'ada' })
    wink.clock.advance(900)
    const login = await begin()
    login.url.searchParams.delete('prompt')
    const result = await client.finishLogin(await capture(login, {}), login.transaction)
    if (result.kind !== 'completed') throw new Error('Was not completed')
    expect(result.identity.authTimeSource).toBe('auth_time')
    expect(result.identity.authenticatedAt).toBeLessThanOrEqual(login.transaction.mintedAt - 900)
  })

  it('ends in both forms of a cancel', async () => {
    expect((await capture(await begin(), { cancel: 'yes' })).href).toBe(cancelUrl)
    wink.switches.cancel = 'access-denied'
    const login = await begin()
    const callback = await capture(login, { cancel: 'yes' })
    expect(await client.finishLogin(callback, login.transaction)).toMatchObject({ kind: 'cancelled' })
  })

  it('begins again when the code was used before', async () => {
    const login = await begin()
    const callback = await capture(login, { user: 'ada' })
    await client.finishLogin(callback, login.transaction)
    expect(await client.finishLogin(callback, login.transaction)).toMatchObject({
      kind: 'restart',
      reason: 'invalid_grant',
    })
  })

  it('does not take the answer to another login', async () => {
    const [one, other] = [await begin(), await begin()]
    const callback = await capture(one, { user: 'mallory' })
    await expect(client.finishLogin(callback, other.transaction)).rejects.toMatchObject({ code: 'oidc/state_mismatch' })
    callback.searchParams.set('state', other.transaction.state)
    expect(await client.finishLogin(callback, other.transaction)).toMatchObject({ kind: 'restart' })
    expect(wink.journal.count('verify-client')).toBe(0)
  })

  it.each([
    ['wrong-iss', 'oidc/issuer_mismatch'],
    ['wrong-azp', 'wink/client_mismatch'],
    ['wrong-sub', 'oidc/subject_mismatch'],
    ['wrong-typ', 'wink/token_type_refused'],
    ['expired', 'oidc/token_expired'],
    ['issued-in-future', 'oidc/issued_at_invalid'],
    ['alg-none', 'oidc/algorithm_not_allowed'],
    ['hs256-public-key', 'oidc/algorithm_not_allowed'],
    ['bad-signature', 'oidc/signature_invalid'],
    ['foreign-key', 'oidc/signature_invalid'],
    ['unknown-key', 'oidc/key_not_found'],
  ] as const)('refuses an access token with %s', async (mutation, code) => {
    wink.mutateAccessToken(mutation)
    const login = await begin()
    const callback = await capture(login, { user: 'ada' })
    await expect(client.finishLogin(callback, login.transaction)).rejects.toMatchObject({ code })
    expect(wink.journal.count('verify-client')).toBe(0)
  })

  it.each([
    'missing',
    'wrong-iss',
    'wrong-aud',
    'wrong-nonce',
    'missing-nonce',
    'wrong-sub',
    'expired',
    'alg-none',
    'foreign-key',
    'wrong-at-hash',
  ] as const)('refuses an ID token with %s', async (mutation) => {
    wink.mutateIdToken(mutation)
    const login = await begin()
    const callback = await capture(login, { user: 'ada' })
    await expect(client.finishLogin(callback, login.transaction)).rejects.toThrow()
    expect(wink.journal.count('verify-client')).toBe(0)
  })

  it('refreshes kept tokens of a user, and not with the identity of another', async () => {
    client = clientOf({ storeTokens: true })
    const finished = async (user: string) => {
      const login = await begin()
      const result = await client.finishLogin(await capture(login, { user }), login.transaction)
      if (result.kind !== 'completed' || result.tokens === null) throw new Error('Was not completed')
      return { identity: result.identity, tokens: result.tokens }
    }
    const [ada, bob] = [await finished('ada'), await finished('bob')]
    const refreshed = await client.refresh(ada.tokens, ada.identity)
    expect(refreshed.refreshToken).not.toBe(ada.tokens.refreshToken)
    const again = await client.refresh(refreshed)
    expect(again.accessToken).not.toBe(refreshed.accessToken)
    await expect(client.refresh(again, bob.identity)).rejects.toMatchObject({ code: 'oidc/subject_mismatch' })
    await expect(client.refresh({ accessToken: again.accessToken })).rejects.toMatchObject({
      code: 'wink/refresh_token_invalid',
    })
  })

  it('refuses the profile of another user', async () => {
    wink.mutateProfile('wrong-token')
    const login = await begin()
    const callback = await capture(login, { user: 'ada' })
    await expect(client.finishLogin(callback, login.transaction)).rejects.toMatchObject({
      code: 'wink/profile_mismatch',
    })
  })

  it('finds the new key after a rotation', async () => {
    await wink.rotateKeys({ retire: true })
    const login = await begin()
    const callback = await capture(login, { user: 'ada' })
    expect(await client.finishLogin(callback, login.transaction)).toMatchObject({ kind: 'completed' })
  })
})
