import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../src/index.ts'
import { createApp, usersOf } from './app.ts'
import { strategies } from './strategies.ts'

describe.each(strategies)('a sign-out everywhere, with sessions in a %s', (strategy) => {
  it('ends the sessions of the user in other browsers, and of no one else', async () => {
    const app = createApp({ session: { strategy }, store: createMemoryStore() })
    const [here, there, eve] = [app.browser(), app.browser(), app.browser()]
    await here.signIn()
    await there.signIn()
    await eve.signIn({ subject: 'eve' })
    await here.submit('/auth/logout', { everywhere: 'yes' })
    expect([await usersOf(here), await usersOf(there), await usersOf(eve)]).toEqual([{}, {}, { acme: 'eve' }])
  })

  it('ends linked identities elsewhere, too', async () => {
    const app = createApp({
      session: { strategy },
      store: createMemoryStore(),
      onSignIn: ({ current }) => ({ action: current === null ? 'new' : 'link' }),
    })
    const [here, there] = [app.browser(), app.browser()]
    await here.signIn()
    await here.signIn({ subject: 'face' }, 'beta')
    await there.signIn({ subject: 'face' }, 'beta')
    await here.submit('/auth/logout', { everywhere: 'yes' })
    expect(await usersOf(there)).toEqual({})
  })

  it.each([undefined, 'no', 'true', 'YES', ''])(
    'is asked for by `yes` alone: %j ends this session',
    async (everywhere) => {
      const app = createApp({ session: { strategy }, store: createMemoryStore() })
      const [here, there] = [app.browser(), app.browser()]
      await here.signIn()
      await there.signIn()
      await here.submit('/auth/logout', everywhere === undefined ? {} : { everywhere })
      expect([await usersOf(here), await usersOf(there)]).toEqual([{}, { acme: 'ada' }])
    },
  )
})
