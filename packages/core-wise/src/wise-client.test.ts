import { inspect } from 'node:util'
import fc from 'fast-check'
import jsonwebtoken from 'jsonwebtoken'
import { afterEach, describe, expect, it, vi } from 'vitest'
import corpus from '../test/vectors/open-redirects.json' with { type: 'json' }
import { createWiseClient } from './wise-client.ts'
import type { WiseUser } from './wise-user.ts'

const secret = '5fe9e02f07c0123456789e7950e437ec'
const options = { whiteLabelUrl: 'xyz.onlineclass.site', jwtTokenSecret: secret }
const ada: WiseUser = { vendorUserId: 'ada-1', name: 'Ada Example', profile: 'student' }

afterEach(() => {
  vi.unstubAllGlobals()
})

function tokenIn(url: string): string {
  return new URL(url).searchParams.get('jwtToken') ?? ''
}

function claimsIn(url: string) {
  const [, payload = ''] = tokenIn(url).split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
}

function create(changes: Record<string, unknown>) {
  return createWiseClient({ ...options, ...changes })
}

describe('the token', () => {
  it('has the bytes of the reference signer', async () => {
    const client = createWiseClient({
      ...options,
      lifetimeSeconds: 60,
      nonce: () => '3f0c2c1e-8a51-4c7e-9a3e-0d9f4c1b2a77',
      clock: () => 1_700_000_000,
    })
    const url = await client.createRedirectUrl({ userId: 'xuoad12123cadsad', profile: 'student', name: 'Abhijeet' })
    expect(url).toBe(
      'https://xyz.onlineclass.site/identity-based-login?jwtToken=' +
        'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.' +
        'eyJ1c2VySWQiOiJ4dW9hZDEyMTIzY2Fkc2FkIiwicHJvZmlsZSI6InN0dWRlbnQiLCJuYW1lIjoiQWJoaWplZXQiLCJleHAiOjE3MDAwMDAwNjAsIm5vbmNlIjoiM2YwYzJjMWUtOGE1MS00YzdlLTlhM2UtMGQ5ZjRjMWIyYTc3IiwiaWF0IjoxNzAwMDAwMDAwfQ.' +
        '190pn_IJ_30GDKZPsS1DKu47wZfhzlIspsNfG3VJW48',
    )
  })

  it('has the bytes of the reference signer whatever the text is', async () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((value) => /^[^\p{C}\p{Z}]+$/u.test(value))
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        fc.constantFrom('student' as const, 'teacher' as const),
        async (id, name, profile) => {
          const client = createWiseClient({ ...options, nonce: () => 'n', clock: () => 1_700_000_000 })
          const payload = { vendorUserId: id, profile, name, exp: 1_700_000_120, nonce: 'n', iat: 1_700_000_000 }
          expect(tokenIn(await client.createRedirectUrl({ vendorUserId: id, name, profile }))).toBe(
            jsonwebtoken.sign(payload, secret),
          )
        },
      ),
      { numRuns: 30 },
    )
  })

  it('is accepted by jsonwebtoken with the string secret, and refused with the hex-decoded one', async () => {
    const token = tokenIn(await createWiseClient(options).createRedirectUrl(ada))
    expect(jsonwebtoken.verify(token, secret, { algorithms: ['HS256'] })).toMatchObject({ vendorUserId: 'ada-1' })
    expect(() => jsonwebtoken.verify(token, Buffer.from(secret, 'hex'))).toThrow('invalid signature')
    expect(() => jsonwebtoken.verify(token, secret.toUpperCase())).toThrow('invalid signature')
  })

  it('is signed with the UTF-8 bytes of a secret that is not ASCII', async () => {
    const unusual = 'ein-beispiel-geheimnis-für-wise-ü'
    const token = tokenIn(await create({ jwtTokenSecret: unusual }).createRedirectUrl(ada))
    expect(jsonwebtoken.verify(token, Buffer.from(unusual, 'utf8'))).toBeTruthy()
  })

  it('says nothing but the user, the times and the nonce', async () => {
    const claims = claimsIn(
      await createWiseClient(options).createRedirectUrl({ ...ada, iss: 'x', roles: [] } as WiseUser),
    )
    expect(Object.keys(claims)).toEqual(['vendorUserId', 'profile', 'name', 'exp', 'nonce', 'iat'])
  })

  it.each([
    [undefined, 120],
    [30, 30],
    [600, 600],
  ])('with the lifetime %s expires %s seconds after the clock', async (lifetimeSeconds, seconds) => {
    const client = create({ lifetimeSeconds, clock: () => 1_800_000_000 })
    const claims = claimsIn(await client.createRedirectUrl(ada))
    expect(claims).toMatchObject({ iat: 1_800_000_000, exp: 1_800_000_000 + seconds })
  })

  it('counts from the time of the click, by default the real time in seconds', async () => {
    let now = 1_800_000_000
    const client = create({ clock: () => now })
    await client.createRedirectUrl(ada)
    now += 5
    expect(claimsIn(await client.createRedirectUrl(ada)).iat).toBe(1_800_000_005)
    const before = Math.floor(Date.now() / 1000)
    const { iat } = claimsIn(await createWiseClient(options).createRedirectUrl(ada))
    expect(iat).toBeGreaterThanOrEqual(before)
    expect(iat).toBeLessThanOrEqual(Date.now() / 1000)
  })

  it.each([Date.now(), 1_800_000_000.5, Number.NaN, Number.POSITIVE_INFINITY, -1, '1800000000', undefined])(
    'is not made when the clock says %s',
    async (now) => {
      await expect(create({ clock: () => now }).createRedirectUrl(ada)).rejects.toMatchObject({
        code: 'wise/clock_invalid',
      })
    },
  )
})

describe('the nonce', () => {
  it('is a fresh UUID by default', async () => {
    const client = createWiseClient(options)
    const [one, other] = [claimsIn(await client.createRedirectUrl(ada)), claimsIn(await client.createRedirectUrl(ada))]
    expect(one.nonce).toMatch(/^[0-9a-f-]{36}$/)
    expect(other.nonce).not.toBe(one.nonce)
  })

  it('can be made by the app, with up to 36 characters', async () => {
    const client = create({ nonce: () => 'n'.repeat(36) })
    expect(claimsIn(await client.createRedirectUrl(ada)).nonce).toBe('n'.repeat(36))
  })

  it('can be left out', async () => {
    const claims = claimsIn(await create({ nonce: false }).createRedirectUrl(ada))
    expect(Object.keys(claims)).toEqual(['vendorUserId', 'profile', 'name', 'exp', 'iat'])
  })

  it('is refused when it is promised, and ends nothing when the promise fails', async () => {
    const nonce = async () => Promise.reject(new Error('no nonce'))
    await expect(create({ nonce }).createRedirectUrl(ada)).rejects.toMatchObject({ code: 'wise/nonce_invalid' })
  })

  it.each(['n'.repeat(37), '', null, undefined, 7])('is refused when it is %j', async (value) => {
    await expect(create({ nonce: () => value }).createRedirectUrl(ada)).rejects.toMatchObject({
      code: 'wise/nonce_invalid',
    })
  })
})

describe('the URL', () => {
  it.each([
    ['xyz.onlineclass.site', 'https://xyz.onlineclass.site'],
    ['https://xyz.onlineclass.site/', 'https://xyz.onlineclass.site'],
    ['http://localhost:4003', 'http://localhost:4003'],
  ])('for %s is on %s', async (whiteLabelUrl, origin) => {
    const client = create({ whiteLabelUrl })
    expect(client.origin).toBe(origin)
    const url = await client.createRedirectUrl(ada)
    expect(url.startsWith(`${origin}/identity-based-login?jwtToken=eyJ`)).toBe(true)
    expect([...new URL(url).searchParams.keys()]).toEqual(['jwtToken'])
  })

  it.each(['student', 'teacher'] as const)('with a path has the role of the %s’s token', async (profile) => {
    const url = await createWiseClient(options).createRedirectUrl(
      { ...ada, profile },
      { path: '/student/classes/1234/resources' },
    )
    expect(url).toMatch(new RegExp(`&redirectionUrl=/student/classes/1234/resources&current_role=${profile}$`))
    expect(claimsIn(url).profile).toBe(profile)
  })

  it('leaves the role out where it is told to, and never the path', async () => {
    const path = '/meeting/join/643f'
    const url = await createWiseClient(options).createRedirectUrl(ada, { path, currentRole: false })
    expect([...new URL(url).searchParams.keys()]).toEqual(['jwtToken', 'redirectionUrl'])
    expect(url).toMatch(/&redirectionUrl=\/meeting\/join\/643f$/)
  })

  it.each([true, undefined])(
    'with currentRole: %j and a path has the role, without a path has none',
    async (currentRole) => {
      const client = createWiseClient(options)
      const withPath = await client.createRedirectUrl(ada, { path: '/a', currentRole })
      expect(new URL(withPath).searchParams.get('current_role')).toBe('student')
      const without = await client.createRedirectUrl(ada, { path: undefined, currentRole })
      expect([...new URL(without).searchParams.keys()]).toEqual(['jwtToken'])
    },
  )

  it('has fewer than 8,000 characters, or there is none', async () => {
    const client = createWiseClient(options)
    const path = (length: number) => `/a${'ü'.repeat(length)}`
    const url = await client.createRedirectUrl(ada, { path: path(1000) })
    expect(url.length).toBeLessThan(8000)
    await expect(client.createRedirectUrl(ada, { path: path(2000) })).rejects.toMatchObject({
      code: 'wise/url_too_long',
      cause: { characters: expect.any(Number) },
    })
  })

  it('lets a path add no parameter', async () => {
    const path = '/student/classes?a=1&current_role=teacher&jwtToken=x#f'
    const { searchParams } = new URL(await createWiseClient(options).createRedirectUrl(ada, { path }))
    expect([...searchParams.keys()]).toEqual(['jwtToken', 'redirectionUrl', 'current_role'])
    expect(searchParams.get('redirectionUrl')).toBe(path)
    expect(searchParams.get('current_role')).toBe('student')
  })

  it.each(corpus)('is not made for a path out of Wise: $payload', async ({ payload, expect: expected }) => {
    const result = await createWiseClient(options)
      .createRedirectUrl(ada, { path: payload })
      .catch((error: unknown) => error)
    if (expected === 'reject') expect(result).toMatchObject({ code: 'wise/path_unsafe' })
    if (typeof result === 'string') {
      const path = new URL(result).searchParams.get('redirectionUrl') ?? ''
      expect(new URL(path, 'https://xyz.onlineclass.site').host).toBe('xyz.onlineclass.site')
    }
  })

  it('is not made for a user who is not checked', async () => {
    const user = { email: 'ada@school.example', name: 'Ada', profile: 'student' }
    // @ts-expect-error an unverified e-mail
    await expect(createWiseClient(options).createRedirectUrl(user)).rejects.toMatchObject({
      code: 'wise/identity_unverified',
    })
  })

  it('is not made with an option that is not known', async () => {
    // @ts-expect-error the option is called path
    const made = createWiseClient(options).createRedirectUrl(ada, { redirectionUrl: '/student/classes' })
    await expect(made).rejects.toMatchObject({ code: 'core/invalid_option' })
  })

  it.each([null, 0, 'teacher'])('is not made with currentRole: %j', async (currentRole) => {
    const made = createWiseClient(options).createRedirectUrl(ada, { path: '/a', currentRole: currentRole as never })
    await expect(made).rejects.toMatchObject({
      code: 'core/invalid_option',
      cause: { factory: 'createRedirectUrl', option: 'currentRole' },
    })
  })
})

describe('createWiseClient', () => {
  it.each([
    ['whiteLabelUrl', 'https://xyz.onlineclass.site/path'],
    ['whiteLabelUrl', 'https://canary@xyz.onlineclass.site'],
    ['whiteLabelUrl', 'https://xyz.onlineclass.site?canary'],
    ['whiteLabelUrl', 'http://xyz.onlineclass.site'],
    ['whiteLabelUrl', ''],
    ['whiteLabelUrl', undefined],
    ['jwtTokenSecret', undefined],
    ['jwtTokenSecret', ''],
    ['jwtTokenSecret', 'canary-of-31-bytes-is-too-short'],
    ['jwtTokenSecret', `${secret}\n`],
    ['jwtTokenSecret', `\uFEFF${secret}`],
    ['jwtTokenSecret', ` ${secret}`],
    ['jwtTokenSecret', `${secret} ${secret}`],
    ['jwtTokenSecret', `${secret}\u0000`],
    ['jwtTokenSecret', Buffer.from(secret)],
    ['lifetimeSeconds', 601],
    ['lifetimeSeconds', 29],
    ['lifetimeSeconds', 0],
    ['lifetimeSeconds', -120],
    ['lifetimeSeconds', 120_000],
    ['lifetimeSeconds', Date.now()],
    ['lifetimeSeconds', 120.5],
    ['lifetimeSeconds', Number.NaN],
    ['lifetimeSeconds', '120'],
    ['lifetimeSeconds', null],
    ['nonce', true],
    ['nonce', 'canary'],
    ['nonce', null],
    ['clock', 1_700_000_000],
    ['secretEncoding', 'hex'],
  ])('refuses %s: %j and says the name only', (option, value) => {
    let caught: unknown
    try {
      create({ [option]: value })
    } catch (error) {
      caught = error
    }
    expect(caught).toMatchObject({ code: 'core/invalid_option', cause: { factory: 'createWiseClient', option } })
    expect(inspect(caught, { showHidden: true })).not.toMatch(/canary|5fe9e02f/)
  })

  it('takes undefined as not given', () => {
    expect(() => create({ lifetimeSeconds: undefined, nonce: undefined, clock: undefined })).not.toThrow()
  })

  it.each([undefined, null, 'xyz', []])('refuses %j as options', (value) => {
    expect(() => createWiseClient(value as never)).toThrow(expect.objectContaining({ code: 'core/invalid_option' }))
  })

  it('refuses to run in a browser', () => {
    vi.stubGlobal('window', {})
    vi.stubGlobal('document', {})
    expect(() => createWiseClient(options)).toThrow(expect.objectContaining({ code: 'wise/runs_in_browser' }))
  })

  it('shows no secret when it is inspected or serialised', () => {
    const client = createWiseClient(options)
    expect(inspect(client, { depth: 9, showHidden: true }) + JSON.stringify(client)).not.toContain(secret)
  })
})
