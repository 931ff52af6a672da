import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAuth, isAuthError } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { createApp, exampleSecret } from './app.ts'

/** Whether an app may have a provider of this name. */
function isTaken(name: unknown): boolean {
  const providers = [{ ...acme('acme'), name: name as 'acme' }]
  try {
    createAuth({ baseUrl: 'https://app.example', secret: exampleSecret(), providers })
    return true
  } catch (error) {
    if (isAuthError(error) && error.code === 'core/invalid_option') return false
    throw error
  }
}

describe('the name of a provider', () => {
  it.each(['a', 'acme', 'acme2', 'oidc', 'entra', 'a'.repeat(31)])('may be %s', (name) => {
    expect(isTaken(name)).toBe(true)
  })

  it.each([
    'session',
    'logout',
    'callback',
    'constructor',
    'prototype',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '',
    'a'.repeat(32),
    'a-b',
    'a.b',
    'a_b',
    'a/b',
    'a b',
    'a\n',
    'acme\u0000',
    '2fa',
    'Acme',
    'ÄCME',
    'äcme',
    'ａcme',
    '..',
    '%61cme',
  ])('is none of core’s own words, of every object’s, nor odd: %j', (name) => {
    expect(isTaken(name)).toBe(false)
  })

  it.each([[undefined], [null], [5], [['acme']], [{ toString: () => 'acme' }], [true]])(
    'is a text, and not %j',
    (name) => {
      expect(isTaken(name)).toBe(false)
    },
  )

  it('is 1 to 31 lower-case letters and digits that begin with a letter, whatever is tried', () => {
    const words = fc.constantFrom('session', 'logout', 'callback', 'constructor', 'prototype', 'acme')
    const near = fc.tuple(words, fc.string({ unit: 'binary', maxLength: 2 })).map((parts) => parts.join(''))
    const good = fc.stringMatching(/^[a-z][a-z0-9]{0,30}$/)
    const reserved = new Set(['session', 'logout', 'callback', 'constructor', 'prototype'])
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), near, good), (name) => {
        expect(isTaken(name)).toBe(/^[a-z][a-z0-9]{0,30}$/.test(name) && !reserved.has(name))
      }),
      { numRuns: 1000 },
    )
  })

  it('is no other’s beginning among the cookies, however alike they are', async () => {
    const browser = createApp({ providers: [acme('acme'), acme('acmetwo')] }).browser()
    await browser.begin('acme')
    await browser.begin('acmetwo')
    const beginning = (name: string) => browser.names().filter((each) => each.startsWith(`__Host-latchkey.${name}.`))
    expect([beginning('acme').length, beginning('acmetwo').length]).toEqual([1, 1])
  })
})
