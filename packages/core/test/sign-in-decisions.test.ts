import { describe, expect, it } from 'vitest'
import type { OnSignIn } from '../src/index.ts'
import { codeOf, createApp, usersOf } from './app.ts'

const answers: Readonly<Record<string, unknown>> = {
  nothing: undefined,
  null: null,
  true: true,
  'a text': 'new',
  'an empty object': {},
  'an action that is not known': { action: 'allow' },
  'an action in other letters': { action: 'New' },
  'a list': [{ action: 'new' }],
  'a promise in the place of the action': { action: Promise.resolve('new') },
}

describe('an answer of `onSignIn` that is none of the three', () => {
  it.each(Object.keys(answers))('signs no one in: %s', async (what) => {
    const browser = createApp({ onSignIn: (() => answers[what]) as OnSignIn }).browser()
    const response = await browser.signIn()
    expect([response.status, await codeOf(response)]).toEqual([403, 'auth/sign_in_refused'])
    expect(await usersOf(browser)).toEqual({})
  })

  it('leaves the session that is there as it is', async () => {
    let answer: unknown = { action: 'new' }
    const browser = createApp({ onSignIn: (() => answer) as OnSignIn }).browser()
    await browser.signIn()
    answer = undefined
    expect((await browser.signIn({ subject: 'eve' }, 'beta')).status).toBe(403)
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })
})
