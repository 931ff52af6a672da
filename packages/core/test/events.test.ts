import { describe, expect, it } from 'vitest'
import type { AuthEvent } from '../src/index.ts'
import { createApp, isMeasurement, refusalOf, usersOf } from './app.ts'

const canaries = { accessToken: 'canary-access-token', refreshToken: 'canary-refresh-token' }
const profile = { name: 'Canary Name', email: 'canary@example.org' }

describe('events', () => {
  it('tell what happened to whom and when', async () => {
    const { events, clock, auth, browser: open } = createApp()
    const browser = open()
    await browser.signIn({ tenant: { id: 'tnt' } })
    await refusalOf(auth.requireSession(browser.request(), { provider: 'beta' }))
    await browser.copy().open('/auth/acme/callback?state=x')
    await browser.submit('/auth/acme/launch')
    await browser.submit('/auth/nowhere')
    await browser.submit('/auth/logout')
    const user = { provider: 'acme', issuer: 'https://acme.example', tenant: 'tnt', subject: 'ada' }
    const at = clock.now
    expect(events).toMatchObject([
      { at, type: 'sign_in.succeeded', provider: 'acme', user },
      { at, type: 'step_up.required', code: 'auth/step_up_required' },
      { at, type: 'sign_in.refused', provider: 'acme', code: 'acme/invalid_state', hint: expect.any(String) as string },
      { at, type: 'provider.launched', provider: 'acme' },
      { at, type: 'request.refused', code: 'core/not_found' },
      { at, type: 'session.ended', provider: 'acme', user },
    ])
    expect(events).toHaveLength(6)
  })

  it('hold no secret, no token, no name and no e-mail address', async () => {
    const {
      events,
      measurements,
      auth,
      browser: open,
    } = createApp({
      onSignIn: ({ identity }) => {
        if (identity.subject === 'mallory') throw new Error(JSON.stringify(profile))
        return { action: 'new' }
      },
    })
    const browser = open()
    const state = await browser.begin()
    await browser.finish(state, { profile, tokens: canaries })
    await browser.finish(state, { profile, tokens: canaries })
    await browser.copy().finish('canary-forged-state')
    await browser.signIn({ subject: 'mallory', profile, tokens: canaries })
    await browser.signIn({ profile: { ...profile, picture: 'canary'.repeat(2000) } })
    await browser.open('/auth/acme/login?return_url=https://canary.example/')
    await refusalOf(auth.requireSession(browser.request(), { maxAuthAgeSeconds: 1 }))
    const sealed = browser.value()
    await browser.submit('/auth/logout')
    const text = JSON.stringify([...events, ...measurements])
    expect(events.length).toBeGreaterThan(7)
    expect(measurements.length).toBeGreaterThan(7)
    expect(text.toLowerCase()).not.toContain('canary')
    expect(text).not.toContain(state)
    expect(text).not.toContain(sealed)
  })

  const listeners: Record<string, () => unknown> = {
    throws: () => {
      throw new Error('a log is full')
    },
    rejects: () => Promise.reject(new Error('a log is full')),
    hangs: () => new Promise(() => {}),
  }
  it.each(Object.keys(listeners))('break no request when the listener %s', async (how) => {
    const listener = listeners[how]
    if (listener === undefined) throw new Error('no such listener')
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    const { auth, browser: open } = createApp({ onEvent: listener })
    const browser = open()
    expect((await browser.signIn()).status).toBe(303)
    expect(await refusalOf(auth.requireSession(browser.request(), { provider: 'beta' }))).toBe('auth/step_up_required')
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
    expect((await browser.submit('/auth/logout')).status).toBe(303)
    await new Promise((resolve) => void setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  it('reach each of several listeners, in order, also where one before it throws or rejects', async () => {
    const heard: string[] = []
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    const listener =
      (name: string, then: () => unknown = () => {}) =>
      (event: AuthEvent) => {
        if (!isMeasurement(event)) heard.push(`${name} ${event.type}`)
        return then() as undefined
      }
    const failing = (): never => {
      throw new Error('a log is full')
    }
    const onEvent = [
      listener('first', failing),
      listener('second', () => Promise.reject(new Error('a log is full'))),
      listener('third'),
    ]
    const browser = createApp({ onEvent }).browser()
    expect((await browser.signIn()).status).toBe(303)
    await browser.submit('/auth/logout')
    await new Promise((resolve) => void setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(heard).toEqual(
      ['sign_in.succeeded', 'session.ended'].flatMap((type) =>
        ['first', 'second', 'third'].map((name) => `${name} ${type}`),
      ),
    )
    expect(unhandled).toEqual([])
  })

  it('reach a listener that takes them now alone, or cannot say', async () => {
    let isListening = false
    const heard: string[] = []
    const quiet = Object.assign(({ type }: AuthEvent) => void heard.push(type), { isListening: () => isListening })
    const { auth } = createApp({ onEvent: quiet })
    const ask = () => auth.handle(new Request('https://app.example/auth/session'))
    await ask()
    expect(heard).toEqual([])
    isListening = true
    await ask()
    expect(heard).toEqual(['route.answered'])
    const broken = Object.assign(({ type }: AuthEvent) => void heard.push(type), {
      isListening: () => {
        throw new Error('broken')
      },
    })
    const other = createApp({ onEvent: broken })
    await other.auth.handle(new Request('https://app.example/auth/session'))
    expect(heard).toEqual(['route.answered', 'route.answered'])
  })

  it('may have no listener at all', async () => {
    for (const onEvent of [undefined, []]) {
      expect((await createApp({ onEvent }).browser().signIn()).status).toBe(303)
    }
  })

  it('come with the framework’s own request, as onSignIn and providers do', async () => {
    const frameworkRequest = { id: 'request-1' }
    const seen: unknown[] = []
    const { auth, browser: open } = createApp({
      onEvent: (_event, context) => seen.push(context.frameworkRequest),
      onSignIn: (request) => {
        seen.push(request.frameworkRequest)
        return { action: 'new' }
      },
    })
    const browser = open()
    const state = await browser.begin()
    const path = `/auth/acme/callback?state=${state}`
    seen.splice(0)
    await auth.handle(browser.request(path), { frameworkRequest })
    // Of onSignIn, and of the events sign_in.succeeded and route.answered.
    expect(seen).toEqual([frameworkRequest, frameworkRequest, frameworkRequest])
    const context = await auth.handle(browser.request('/auth/acme/context'), { frameworkRequest })
    expect(await context.json()).toMatchObject({ frameworkRequest })
  })
})
