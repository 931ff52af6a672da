import { describe, expect, it } from 'vitest'
import { answerRoute } from '../src/adapter.ts'
import type { InstalledProvider } from '../src/index.ts'
import type { ReturnTarget } from '../src/provider.ts'
import { acme } from './acme-provider.ts'
import { createApp } from './app.ts'

const origin = 'https://app.example'

/** A provider whose one route answers by itself. */
function answering(handle: () => Promise<Response>): InstalledProvider {
  return {
    name: 'acme',
    mount: (host) => ({
      ...acme('acme').mount(host),
      routes: [{ method: 'GET', path: '/begin', accepts: 'any', handle }],
    }),
  }
}

describe('an answer without a Response', () => {
  it('says what the Response says', async () => {
    const { auth } = createApp()
    const ask = (path: string): Request => new Request(`${origin}${path}`, { headers: { accept: 'text/html' } })
    for (const path of ['/auth/session', '/auth/nowhere', '/auth/acme/callback', '/auth/logout/next']) {
      const response = await auth.handle(ask(path))
      const { status, headers, body } = await answerRoute(auth, ask(path))
      expect(status, path).toBe(response.status)
      expect([...new Headers(headers as [string, string][])], path).toEqual([...response.headers])
      expect(body ?? '', path).toBe(await response.text())
    }
  })

  it("is that of the app's own handle, where it has put one in the place of ours", async () => {
    const { auth } = createApp()
    const handle = async (): Promise<Response> => new Response('busy', { status: 503, headers: { 'retry-after': '1' } })
    const answer = await answerRoute({ ...auth, handle }, new Request(`${origin}/auth/session`))
    expect([answer.status, answer.headers]).toEqual([
      503,
      [
        ['content-type', 'text/plain;charset=UTF-8'],
        ['retry-after', '1'],
      ],
    ])
    expect(await new Response(answer.body).text()).toBe('busy')
  })

  it('has each cookie of a Response that a provider answers with', async () => {
    const response = new Response('page', { headers: { 'content-type': 'text/html' } })
    response.headers.append('set-cookie', 'one=1')
    response.headers.append('set-cookie', 'two=2')
    const { auth } = createApp({ providers: [answering(async () => response)] })
    const answer = await auth.handle(new Request(`${origin}/auth/acme/begin`))
    expect(answer.headers.getSetCookie()).toEqual(['one=1', 'two=2'])
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/html', 'page'])
  })
})

describe('a redirect to what is no URL as a header has it', () => {
  it.each(['/\r\nset-cookie: stolen=1', '/\n', '/ä', '/ ', ''])('is refused: %j', async (returnTo) => {
    const provider: InstalledProvider = {
      name: 'acme',
      mount(host) {
        const mounted = acme('acme').mount(host)
        const routes = mounted.routes.map((route) => ({
          ...route,
          async handle(...given: Parameters<typeof route.handle>) {
            const outcome = await route.handle(...given)
            const isSignIn = !(outcome instanceof Response) && outcome.kind === 'signed-in'
            return isSignIn ? { ...outcome, returnTo: returnTo as ReturnTarget } : outcome
          },
        }))
        return { ...mounted, routes }
      },
    }
    const browser = createApp({ providers: [provider] }).browser()
    const state = await browser.begin()
    const answer = await browser.open(`/auth/acme/callback?state=${state}`)
    expect([answer.status, answer.headers.get('location')]).toEqual([500, null])
    expect(answer.headers.getSetCookie().join()).not.toContain('stolen')
  })
})
