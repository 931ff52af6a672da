import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createAuth, isAuthError, type Session } from '../src/index.ts'
import { systemClock } from '../src/model/time.ts'
import { openVault } from '../src/vault/vault.ts'
import { createApp } from './app.ts'

const tokens = {
  accessToken: 'canary-access-token',
  refreshToken: 'canary-refresh-token',
  expiresAt: 9,
  refreshAt: 8,
}

const deep = (value: unknown): string => inspect(value, { depth: Infinity, showHidden: true, getters: true })

const ways: Record<string, (session: Session) => string> = {
  'JSON.stringify': (session) => JSON.stringify(session),
  spread: (session) => JSON.stringify({ ...session }),
  structuredClone: (session) => deep(structuredClone(session)),
  'util.inspect': deep,
  'its prototype': (session) => deep(Object.getPrototypeOf(session)),
  'a string': (session) => `${JSON.stringify(Object.entries(session))} ${Reflect.ownKeys(session).map(String).join()}`,
}

describe('a session shows no token', () => {
  it.each(Object.keys(ways))('by %s', async (way) => {
    const { auth, browser: open } = createApp()
    const browser = open()
    await browser.signIn({ tokens })
    const { session } = await auth.requireSession(browser.request())
    const text = ways[way]?.(session) ?? 'canary'
    expect(text.length).toBeGreaterThan(2)
    expect(text).not.toContain('canary')
    const { session: read } = await auth.getSession(browser.request(), { readOnly: true })
    expect(deep(read)).not.toContain('canary')
  })

  it('though the provider that they belong to can have them, and no other', async () => {
    const browser = createApp({ onSignIn: ({ current }) => ({ action: current ? 'link' : 'new' }) }).browser()
    await browser.signIn({ tokens })
    await browser.signIn({ subject: 'palm-1' }, 'beta')
    const own = (await (await browser.fetch('/auth/acme/context')).json()) as { session: unknown; tokens: unknown }
    expect(own.tokens).toEqual(tokens)
    expect(JSON.stringify(own.session)).not.toContain('canary')
    const other = await (await browser.fetch('/auth/beta/context')).text()
    expect(other).not.toContain('canary')
  })

  it('nor does the cookie that carries it', async () => {
    const browser = createApp().browser()
    await browser.signIn({ tokens, profile: { name: 'Canary' } })
    const parts = browser
      .value()
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    expect(parts.join().toLowerCase()).not.toContain('canary')
  })
})

describe('no object of ours shows a secret', () => {
  const secret = 'canary-example-secret-of-32-bytes-or-more'
  it('when it is inspected or serialised', () => {
    const vault = openVault({ secrets: [secret], store: undefined, clock: systemClock })
    const auth = createAuth({ baseUrl: 'https://app.example', secret, providers: [] })
    for (const object of [vault, auth]) {
      expect(deep(object)).not.toContain('canary')
      expect(JSON.stringify(object)).not.toContain('canary')
    }
  })

  it('when it refuses one', () => {
    try {
      createAuth({ baseUrl: 'https://app.example', secret: 'canary-too-short', providers: [] })
    } catch (error) {
      expect(isAuthError(error) && error.code).toBe('core/invalid_option')
      expect(deep(error)).not.toContain('canary')
      return
    }
    expect.unreachable()
  })
})
