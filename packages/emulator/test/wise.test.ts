import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EmulatedWise, type Emulator, startEmulator } from '../src/index.ts'
import { type Browser, openBrowser, type Visit } from './browser.ts'

const now = 1_700_000_000
let emulator: Emulator<'wristband' | 'wink'>
let wise: EmulatedWise
let browser: Browser

beforeEach(async () => {
  emulator = await startEmulator({ wristband: false, wink: false, clock: () => now })
  wise = emulator.wise
  browser = openBrowser()
})
afterEach(() => emulator.close())

const ada = (): Record<string, unknown> => ({
  vendorUserId: wise.users.ada.subject,
  profile: 'student',
  name: 'Ada Lovelace',
  exp: now + 120,
  nonce: '3f0c2c1e-8a51-4c7e-9a3e-0d9f4c1b2a77',
  iat: now,
})

/** A token by hand: the emulator's own code takes no part in it. */
function sign(
  claims: object,
  { header = { alg: 'HS256', typ: 'JWT' }, key = wise.jwtTokenSecret }: { header?: object; key?: string | Buffer } = {},
): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part(header)}.${part(claims)}`
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
}

const launch = (token: string, more = ''): Promise<Visit> =>
  browser.visit(`${wise.url}/identity-based-login?jwtToken=${token}${more}`, {
    headers: { accept: 'application/json' },
  })

const codeOf = async (visit: Promise<Visit>): Promise<unknown> => {
  const { text } = await visit
  return text === '' ? 'accepted' : (JSON.parse(text) as { code: string }).code
}

describe('a good launch', () => {
  it('signs the learner in and shows the decoded token and every check, never the token', async () => {
    const token = sign(ada())
    const { status, location, headers } = await launch(token)
    expect(status).toBe(302)
    expect(location).toBe(`${wise.url}/student/classes`)
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    const { text } = await browser.visit(location)
    expect(text).toContain('Signed in as <strong>Ada Lovelace</strong>, student.')
    expect(text).toContain('Every check passed')
    expect(text).toContain(`<dt>vendorUserId</dt><dd>${wise.users.ada.subject}</dd>`)
    expect(text).not.toContain('✗')
    for (const part of token.split('.')) expect(text).not.toContain(part)
  })

  it('goes to the class that the application named', async () => {
    const { location } = await launch(
      sign(ada()),
      '&redirectionUrl=/student/classes/1234/resources&current_role=student',
    )
    expect(location).toBe(`${wise.url}/student/classes/1234/resources`)
    const { text } = await browser.visit(location, { headers: { accept: 'application/json' } })
    expect(JSON.parse(text)).toMatchObject({ signedIn: true, name: 'Ada Lovelace', profile: 'student' })
    expect((await browser.visit(`${wise.url}/teacher/classes`)).status).toBe(403)
    expect((await openBrowser().visit(location)).status).toBe(401)
  })

  it('knows users by each of the four keys', async () => {
    const { subject, email, phoneNumber, wiseUserId } = wise.users.ada
    for (const identity of [{ userId: wiseUserId }, { email }, { phoneNumber }, { vendorUserId: subject }]) {
      const { vendorUserId, nonce, ...rest } = ada()
      expect(await codeOf(launch(sign({ ...rest, ...identity })))).toBe('accepted')
    }
  })

  it('creates unknown users when it is told to', async () => {
    const somebody = { ...ada(), vendorUserId: 'new-user', name: '<b>New</b>' }
    expect(await codeOf(launch(sign({ ...somebody, nonce: 'a' })))).toBe('unknown_user')
    wise.switches.unknownUser = 'create'
    const { location } = await launch(sign({ ...somebody, nonce: 'b' }))
    expect((await browser.visit(location)).text).toContain('<strong>&lt;b&gt;New&lt;/b&gt;</strong>')
    expect(wise.directory.at(-1)).toMatchObject({ vendorUserId: 'new-user', profiles: ['student'] })
  })
})

describe('a refused launch', () => {
  it('shows a page that names the reason and signs nobody in', async () => {
    const token = sign({ ...ada(), exp: now })
    const { status, text, headers } = await browser.visit(`${wise.url}/identity-based-login?jwtToken=${token}`)
    expect(status).toBe(401)
    expect(text).toContain('<strong>expired</strong>')
    expect(text).not.toContain(token.split('.')[1])
    expect(headers['set-cookie']).toBeUndefined()
  })

  it.each([
    ['missing_token', ''],
    ['malformed', '{jwtToken}'],
    ['malformed', 'undefined'],
    ['malformed', 'a.b'],
    ['malformed', 'a.b.c&jwtToken=a.b.c'],
  ])('is %s for %j', async (code, token) => {
    const visit = launch(token)
    expect(await codeOf(visit)).toBe(code)
    expect((await visit).status).toBe(400)
  })

  it('is bad_algorithm for none, HS512 and RS256', async () => {
    for (const alg of ['none', 'HS512', 'RS256', 'hs256']) {
      expect(await codeOf(launch(sign(ada(), { header: { alg, typ: 'JWT' } })))).toBe('bad_algorithm')
    }
  })

  it('is bad_signature for another key, with a hint for the hex-decoded one', async () => {
    expect(await codeOf(launch(sign(ada(), { key: 'another-secret' })))).toBe('bad_signature')
    const { text } = await launch(sign(ada(), { key: Buffer.from(wise.jwtTokenSecret, 'hex') }))
    expect(JSON.parse(text)).toMatchObject({
      code: 'bad_signature',
      hint: expect.stringContaining('hexadecimal') as unknown,
    })
  })

  it.each([
    ['bad_expiry', { exp: undefined }],
    ['bad_expiry', { exp: String(now + 60) }],
    ['bad_expiry', { exp: now + 0.5 }],
    ['expired', { exp: now }],
    ['ttl_too_long', { exp: now + 601 }],
    ['ttl_too_long', { exp: (now + 60) * 1000 }],
    ['not_yet_valid', { nbf: now + 1 }],
    ['identity_count', { vendorUserId: undefined }],
    ['identity_count', { vendorUserId: '' }],
    ['identity_count', { email: null }],
    ['bad_profile', { profile: 'admin' }],
    ['bad_nonce', { nonce: 'n'.repeat(37) }],
    ['bad_nonce', { nonce: '' }],
    ['profile_not_allowed', { profile: 'teacher' }],
  ])('is %s for %j', async (code, changes) => {
    expect(await codeOf(launch(sign({ ...ada(), ...changes })))).toBe(code)
  })

  it('is nonce_replayed for a token that was used, and without a nonce only when one is required', async () => {
    expect(await codeOf(launch(sign(ada())))).toBe('accepted')
    expect(await codeOf(launch(sign(ada())))).toBe('nonce_replayed')
    const { nonce, ...without } = ada()
    expect(await codeOf(launch(sign(without)))).toBe('accepted')
    wise.switches.requireNonce = true
    expect(await codeOf(launch(sign(without)))).toBe('nonce_missing')
  })

  it('is bad_role for a role that is not the profile', async () => {
    expect(await codeOf(launch(sign(ada()), '&current_role=teacher'))).toBe('bad_role')
  })

  it('ignores a target on another site, unless it plays a careless one', async () => {
    for (const [index, target] of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/%09/evil.example',
    ].entries()) {
      const { location } = await launch(sign({ ...ada(), nonce: `n${index}` }), `&redirectionUrl=${target}`)
      expect(location).toBe(`${wise.url}/student/classes`)
      expect(wise.journal.at(-1)?.error).toBe('unsafe_redirect')
    }
    wise.switches.naiveRedirect = true
    const { location } = await launch(sign(ada()), '&redirectionUrl=//evil.example/')
    expect(location).toBe('http://evil.example/')
  })
})

it("takes the reference signer's bytes", async () => {
  const claims = { userId: wise.users.ada.wiseUserId, profile: 'student', name: 'Ada', exp: now + 60, iat: now }
  expect(sign(claims).startsWith('eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.')).toBe(true)
  expect(await codeOf(launch(sign(claims)))).toBe('accepted')
})
