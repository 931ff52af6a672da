import { type AuthOptions, type AuthProvider, createAuth } from '@latchkey/core'
import { NextRequest } from 'next/server.js'
import { type LatchkeyOptions, latchkey, type NextLatchkey } from '../src/index.ts'
import { acme } from './fixture-app/lib/acme.ts'

declare module '@latchkey/core' {
  interface SessionData {
    theme: string
    font: string
  }
}

export const origin = 'https://app.example'
export const halfIdleSeconds = 1800

/** The way in which a browser asks for a page. */
export const opening = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', accept: 'text/html' }

/** A mounted auth, and the time that it goes by. */
export interface ExampleAuth extends NextLatchkey {
  /** Moves the time on. */
  pass(seconds: number): void
  /** Signs in; gives the Cookie header of the browser. `?due` makes the tokens due at once, `?large` fills two cookies. */
  signIn(query?: string, basePath?: string): Promise<string>
}

/** An auth with the provider of the fixture app, mounted on Next. */
export function createExampleAuth(
  options: Partial<AuthOptions> & { readonly refresh?: ReturnType<AuthProvider['mount']>['refresh'] } = {},
  mountOptions: LatchkeyOptions = {},
): ExampleAuth {
  const { refresh, ...authOptions } = options
  let now = 1_800_000_000
  const provider = acme('https://vendor.example')
  const auth = createAuth({
    baseUrl: origin,
    secret: 'an-example-secret-of-at-least-32-bytes',
    providers: [{ ...provider, mount: (host) => ({ ...provider.mount(host), ...(refresh && { refresh }) }) }],
    clock: () => now,
    ...authOptions,
  })
  const mounted = latchkey(() => auth, mountOptions)
  return {
    ...mounted,
    pass(seconds) {
      now += seconds
    },
    async signIn(query = '', basePath = '/auth') {
      const begun = await mounted.handlers.GET(page(`${basePath}/acme/login`))
      const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? ''
      const callback = `${basePath}/acme/callback?state=${encodeURIComponent(state)}${query.replace('?', '&')}`
      return cookiesOf(await mounted.handlers.GET(page(callback, { cookie: cookiesOf(begun) })))
    },
  }
}

/** What Next gives a handler of a route without parameters. */
export const noParams: { readonly params: Promise<Record<never, never>> } = { params: Promise.resolve({}) }

/** A request by which a user opens a page. */
export function page(path: string, headers: Record<string, string> = {}): NextRequest {
  return new NextRequest(origin + path, { headers: { ...opening, ...headers } })
}

/** What a browser sends back after an answer. */
export function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .filter((line) => !line.includes('Max-Age=0'))
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}

/** The names of the cookies that an answer sets or removes. */
export function cookieNames(response: Response): readonly string[] {
  return response.headers.getSetCookie().map((line) => line.split('=', 1)[0] ?? '')
}
