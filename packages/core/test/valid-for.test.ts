import { describe, expect, it, vi } from 'vitest'
import type { InstalledProvider } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { createApp, refusalOf, summaryOf, usersOf } from './app.ts'
import { strategies } from './strategies.ts'

/** A provider that says of each host whether an identity is good there. */
function saying(answer: () => unknown): InstalledProvider {
  return {
    name: 'acme',
    mount: (host) => ({ ...acme('acme').mount(host), isValidFor: () => answer() as boolean }),
  }
}

const answers: Readonly<Record<string, () => unknown>> = {
  false: () => false,
  nothing: () => undefined,
  null: () => null,
  1: () => 1,
  'a text': () => 'yes',
  'an object': () => ({ valid: true }),
  'a promise of a text': () => Promise.resolve('true'),
}

describe.each(strategies)('an identity whose provider is asked whether it is good here, in a %s', (strategy) => {
  it.each(Object.keys(answers))('is gone where the answer is %s', async (what) => {
    let answer: () => unknown = () => true
    const app = createApp({ session: { strategy }, providers: [saying(() => answer())] })
    const browser = app.browser()
    await browser.signIn()
    answer = answers[what] ?? answer
    expect((await summaryOf(browser)).signedIn).toBe(false)
    expect(await refusalOf(app.auth.requireSession(browser.request()))).toBe('auth/session_required')
    expect(await refusalOf(app.auth.getAccessToken(browser.request(), 'acme'))).toBe('auth/session_required')
  })

  it.each([() => true, () => Promise.resolve(true)])('is there where the answer is true', async (answer) => {
    const browser = createApp({ session: { strategy }, providers: [saying(answer)] }).browser()
    await browser.signIn()
    expect((await summaryOf(browser)).signedIn).toBe(true)
  })
})

describe('providers that fail where they are asked about an identity', () => {
  it('refuse the request, however many do and in whatever way, and end nothing else', async () => {
    const unheard = vi.fn()
    process.on('unhandledRejection', unheard)
    let areFailing = false
    const failing = (name: 'acme' | 'beta', fail: () => Promise<boolean>): InstalledProvider => ({
      name,
      mount: (host) => ({ ...acme(name).mount(host), isValidFor: () => (areFailing ? fail() : true) }),
    })
    const app = createApp({
      providers: [
        failing('acme', () => Promise.reject(new Error('later'))),
        failing('beta', () => {
          throw new Error('at once')
        }),
      ],
      onSignIn: ({ current }) => ({ action: current === null ? 'new' : 'link' }),
    })
    const browser = app.browser()
    await browser.signIn()
    await browser.signIn({ subject: 'eve' }, 'beta')
    expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'eve' })
    areFailing = true
    await expect(app.auth.requireSession(browser.request())).rejects.toThrow()
    await new Promise((resolve) => void setImmediate(resolve))
    process.off('unhandledRejection', unheard)
    expect(unheard).not.toHaveBeenCalled()
  })
})
