import {
  type Auth,
  type AuthProvider,
  createAuth,
  createMemoryStore,
  type Identity,
  type SessionOptions,
} from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { createTestSession } from './create-test-session.ts'

declare module '@latchkey/core' {
  interface Identities {
    acme: Identity<'acme'>
    beta: Identity<'beta'>
  }
  interface SessionData {
    theme?: string
  }
}

const now = 1_800_000_000

function createExample(session: SessionOptions, baseUrl: string | readonly string[] = 'http://localhost:3000'): Auth {
  const provider = <Name extends string>(name: Name): AuthProvider<Name> => ({
    name,
    mount: () => ({ accountIssuers: [`https://${name}.example`, `https://old.${name}.example`], routes: [] }),
  })
  return createAuth({
    baseUrl,
    secret: 'an-example-secret-of-at-least-32-bytes',
    store: createMemoryStore(),
    session,
    providers: [provider('acme'), provider('beta')],
    clock: () => now,
  })
}

const request = (cookie: string, url = 'http://localhost:3000/api') => {
  const headers = new Headers({ cookie, host: new URL(url).host })
  return { method: 'GET', url, headers }
}

describe.each(['cookie', 'store'] as const)('a test session, kept in a %s', (strategy) => {
  it('is a session like any other', async () => {
    const auth = createExample({ strategy })
    const options = { data: { theme: 'dark' }, tokens: { acme: { accessToken: 'example-token' } } }
    const { cookie } = await createTestSession(auth, { acme: { subject: 'ada', profile: { name: 'Ada' } } }, options)
    const { session } = await auth.requireSession(request(cookie))
    expect(session).toMatchObject({
      user: { provider: 'acme', subject: 'ada' },
      identities: {
        acme: {
          provider: 'acme',
          issuer: 'https://acme.example',
          subject: 'ada',
          signedInAt: now,
          profile: { name: 'Ada' },
        },
      },
      data: { theme: 'dark' },
      expiresAt: now + 3600,
    })
    expect((await auth.getAccessToken(request(cookie), 'acme')).accessToken).toBe('example-token')
  })

  it('may hold several identities, and meets a step-up only by what it is given', async () => {
    const auth = createExample({ strategy })
    const fresh = { subject: 'face', authenticatedAt: now, authTimeSource: 'auth_time' } as const
    const { cookie } = await createTestSession(auth, { acme: { subject: 'ada' }, beta: fresh })
    const pass = async (provider: 'acme' | 'beta') =>
      auth.requireSession(request(cookie), { provider, maxAuthAgeSeconds: 60 })
    expect((await pass('beta')).session.user.provider).toBe('acme')
    await expect(pass('acme')).rejects.toMatchObject({ code: 'auth/step_up_required' })
  })

  it('is of the issuer that the test gives, if it is one of the provider', async () => {
    const auth = createExample({ strategy })
    const issuer = 'https://old.acme.example'
    const { cookie } = await createTestSession(auth, { acme: { subject: 'ada', issuer }, beta: undefined })
    expect((await auth.getSession(request(cookie))).session?.user).toMatchObject({ provider: 'acme', issuer })
  })

  it('is ended like any other', async () => {
    const auth = createExample({ strategy })
    const { cookie } = await createTestSession(auth, { acme: { subject: 'ada' } })
    await auth.revokeSessions({ provider: 'acme', issuer: 'https://acme.example', subject: 'ada' })
    expect((await auth.getSession(request(cookie), { readOnly: true })).session).toBeNull()
  })

  it('is for one host', async () => {
    const auth = createExample({ strategy }, ['https://app.example', 'https://{tenant}.app.example'])
    const url = 'https://globex.app.example'
    const { cookie, cookies } = await createTestSession(auth, { acme: { subject: 'ada' } }, { url })
    expect((await auth.getSession(request(cookie, url), { readOnly: true })).session).not.toBeNull()
    expect((await auth.getSession(request(cookie, 'https://app.example'), { readOnly: true })).session).toBeNull()
    expect(cookies.map((each) => each.url)).toEqual([url])
    await expect(
      createTestSession(auth, { acme: { subject: 'ada' } }, { url: 'https://evil.example' }),
    ).rejects.toMatchObject({
      code: 'core/unknown_host',
    })
  })

  it('is in the form that Playwright takes, in as many cookies as it needs', async () => {
    const auth = createExample({ strategy })
    const profile = { name: 'n'.repeat(4000) }
    const { cookie, cookies } = await createTestSession(auth, { acme: { subject: 'ada', profile } })
    expect(cookies).toHaveLength(strategy === 'cookie' ? 2 : 1)
    expect(cookies.map(({ name, value }) => `${name}=${value}`).join('; ')).toBe(cookie)
    const [first] = cookies
    expect(first).toMatchObject({
      name: '__Host-latchkey',
      url: 'https://localhost:3000',
      secure: true,
      httpOnly: true,
    })
  })
})

it('is refused where the app keeps its own sessions, without an identity, and for an auth that is none', async () => {
  const external = createExample({ strategy: 'external', onSignedIn() {} })
  const cookie = createExample({ strategy: 'cookie' })
  for (const [auth, identities, option] of [
    [external, { acme: { subject: 'ada' } }, 'auth'],
    [{ ...cookie }, { acme: { subject: 'ada' } }, 'auth'],
    [cookie, {}, 'identities'],
    [cookie, { acme: undefined }, 'identities'],
    [cookie, { acme: { subject: 'ada', issuer: 'https://evil.example' } }, 'identities'],
    [cookie, { gamma: { subject: 'ada' } } as object, 'identities'],
  ] as const) {
    await expect(createTestSession(auth, identities)).rejects.toMatchObject({
      code: 'core/invalid_option',
      cause: { option },
    })
  }
})
