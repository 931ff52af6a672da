import { expect, it } from 'vitest'
import type { InstalledProvider } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { createApp } from './app.ts'

it('a provider that answers all with the same response hands nobody the cookies of another', async () => {
  const same = new Response(null, { status: 204 })
  const provider: InstalledProvider = {
    name: 'acme',
    mount: (host) => ({
      ...acme('acme').mount(host),
      routes: [
        {
          method: 'GET',
          path: '/begin',
          accepts: 'any',
          async handle(_request, context) {
            await context.transactions('login').put(crypto.randomUUID(), {})
            return same
          },
        },
      ],
    }),
  }
  const app = createApp({ providers: [provider] })
  const [one, other] = [app.browser(), app.browser()]
  const first = (await one.fetch('/auth/acme/begin')).headers.getSetCookie()
  const second = (await other.fetch('/auth/acme/begin')).headers.getSetCookie()
  expect([first.length, second.length]).toEqual([1, 1])
  expect(second).not.toEqual(first)
  expect([...same.headers]).toEqual([])
})
