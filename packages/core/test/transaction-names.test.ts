import { describe, expect, it } from 'vitest'
import type { InstalledProvider } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { createApp } from './app.ts'
import type { Browser } from './browser.ts'

/** A provider with several kinds of transactions, as one with a login and a discovery has. */
const providerOf = (name: 'acme' | 'beta'): InstalledProvider => ({
  name,
  mount: (host) => ({
    ...acme(name).mount(host),
    routes: [
      {
        method: 'GET',
        path: '/transaction',
        accepts: 'any',
        async handle(request, context) {
          const query = new URL(request.url).searchParams
          const transactions = context.transactions<{ kind: string }>(query.get('name') ?? '')
          const id = 'an-id-that-both-use'
          switch (query.get('do')) {
            case 'put':
              await transactions.put(id, { kind: query.get('name') ?? '' })
              return { kind: 'json', body: {} }
            case 'clear':
              await transactions.clear()
              return { kind: 'json', body: {} }
            default:
              return { kind: 'json', body: { taken: await transactions.take(id) } }
          }
        },
      },
    ],
  }),
})

const provider = providerOf('acme')

function ask(browser: Browser, action: string, name: string, of = 'acme'): Promise<unknown> {
  return browser.fetch(`/auth/${of}/transaction?do=${action}&name=${name}`).then((response) => response.json())
}

describe('a transaction of one name', () => {
  it('is taken under that name', async () => {
    const browser = createApp({ providers: [provider] }).browser()
    await ask(browser, 'put', 'login')
    expect(await ask(browser, 'take', 'login')).toEqual({ taken: { kind: 'login' } })
  })

  it.each(['discovery', 'logi', 'login2', 'Login'])(
    'is none under the name %s, though the id is the same',
    async (name) => {
      const browser = createApp({ providers: [provider] }).browser()
      await ask(browser, 'put', 'login')
      expect(await ask(browser, 'take', name)).toEqual({ taken: null })
    },
  )

  it('stays when those of another are cleared', async () => {
    const browser = createApp({ providers: [provider] }).browser()
    await ask(browser, 'put', 'login')
    await ask(browser, 'clear', 'discovery')
    expect(await ask(browser, 'take', 'login')).toEqual({ taken: { kind: 'login' } })
    await ask(browser, 'put', 'login')
    await ask(browser, 'clear', 'login')
    expect(await ask(browser, 'take', 'login')).toEqual({ taken: null })
  })

  it('is none of another provider, under the name that the cookie would have there', async () => {
    const browser = createApp({ providers: [provider, providerOf('beta')] }).browser()
    await ask(browser, 'put', 'login')
    const [own = ''] = browser.names()
    const moved = own.replace('.acme.', '.beta.')
    expect(moved).not.toBe(own)
    browser.plant(moved, browser.value(own))
    expect(await ask(browser, 'take', 'login', 'beta')).toEqual({ taken: null })
    expect(await ask(browser, 'take', 'login')).toEqual({ taken: { kind: 'login' } })
  })
})
