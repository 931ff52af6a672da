import { createElement, type ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { SessionProvider, SignInLink, SignOutButton, useSession, useUser } from '../src/index.ts'

const user = { provider: 'acme', subject: 'ada', name: 'Ada' }
const ada = { signedIn: true, expiresAt: 1_800_000_000, user, identities: {} } as const

function Greeting(): ReactElement {
  const { status } = useSession()
  return createElement('p', null, `${status} ${useUser()?.name ?? 'nobody'}`)
}

const render = (child: ReactElement, props: Partial<Parameters<typeof SessionProvider>[0]> = {}): string =>
  renderToString(createElement(SessionProvider, { children: child, ...props }))

describe('on the server', () => {
  it('the first state is what the page says, or loading', () => {
    const greeting = createElement(Greeting)
    expect(render(greeting)).toBe('<p>loading nobody</p>')
    expect(render(greeting, { initialSession: ada })).toBe('<p>signed-in Ada</p>')
    expect(render(greeting, { initialSession: { signedIn: false, identities: {} } })).toBe('<p>signed-out nobody</p>')
  })

  it('a link and a form work without JavaScript', () => {
    expect(render(createElement(SignInLink, { provider: 'acme', children: 'Sign in' }))).toBe(
      '<a href="/auth/acme/login">Sign in</a>',
    )
    const there = createElement(SignInLink, { provider: 'acme', returnTo: '/a?b=c&d', className: 'x', children: 'In' })
    expect(render(there, { basePath: '/id' })).toBe(
      '<a class="x" href="/id/acme/login?return_url=%2Fa%3Fb%3Dc%26d">In</a>',
    )
    expect(render(createElement(SignOutButton, { children: 'Out' }))).toBe(
      '<form action="/auth/logout" method="post"><button type="submit">Out</button></form>',
    )
    expect(render(createElement(SignOutButton, { everywhere: true, returnTo: '/bye', children: 'Out' }))).toBe(
      '<form action="/auth/logout" method="post"><input type="hidden" name="return_url" value="/bye"/>' +
        '<input type="hidden" name="everywhere" value="yes"/><button type="submit">Out</button></form>',
    )
  })

  it('nothing is known of the page’s own origin, where the back end is on another one', () => {
    const link = createElement(SignInLink, { provider: 'acme', returnTo: '/a', children: 'In' })
    expect(render(link, { basePath: 'https://api.app.example/auth' })).toBe(
      '<a href="https://api.app.example/auth/acme/login?return_url=%2Fa">In</a>',
    )
  })

  it('a hook outside of a provider says so', () => {
    expect(() => renderToString(createElement(Greeting))).toThrow('<SessionProvider>')
  })
})
