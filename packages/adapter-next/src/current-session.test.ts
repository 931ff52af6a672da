import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createExampleAuth, type ExampleAuth, origin } from '../test/example-auth.ts'

/** What Next knows of a request; `isWritable` in a Server Action or route handler. */
const next = vi.hoisted(() => ({
  headers: new Headers(),
  cookies: new Map<string, string>(),
  isWritable: false,
}))

vi.mock('#next', async (original) => {
  const refuse = (): void => {
    if (!next.isWritable) throw new Error('Cookies can only be modified in a Server Action or Route Handler.')
  }
  return {
    ...(await original<object>()),
    sentHeaders: async () => next.headers,
    cookieStore: async () => ({
      getAll: () => [...next.cookies].map(([name, value]) => ({ name, value })),
      set({ name, value }: { readonly name: string; readonly value: string }) {
        refuse()
        next.cookies.set(name, value)
      },
      delete(cookie: { readonly name: string }) {
        refuse()
        next.cookies.set(cookie.name, '')
      },
    }),
    redirectTo(location: string) {
      throw new Error(`redirected to ${location}`)
    },
  }
})

interface Place {
  readonly isWritable?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** The request that runs, with these cookies. */
function run(cookie: string, { isWritable = false, headers = {} }: Place = {}): void {
  next.headers = new Headers({ host: 'app.example', ...headers, ...(cookie !== '' && { cookie }) })
  next.cookies = new Map(cookie === '' ? [] : cookie.split('; ').map((pair) => pair.split('=', 2) as [string, string]))
  next.isWritable = isWritable
}

const inAction: Place = {
  isWritable: true,
  headers: { 'content-type': 'text/plain;charset=UTF-8', origin, 'sec-fetch-site': 'same-origin' },
}

/** The same, begun by the script of a page: the other is a form without it. */
const inActionOfRouter: Place = { ...inAction, headers: { ...inAction.headers, 'next-action': '0'.repeat(42) } }

const inHandler: Place = { isWritable: true, headers: { 'sec-fetch-site': 'same-origin' } }

let example: ExampleAuth

beforeEach(() => {
  example = createExampleAuth({ pages: { signIn: '/docs/sign-in' } })
})

describe('in a page', () => {
  it('tokens that are due are given as they are, and expired ones not', async () => {
    const cookie = await example.signIn('?due')
    run(cookie)
    expect(await example.getAccessToken('acme')).toBe('example-canary-token')
    expect((await example.getSession())?.user.profile.name).toBe('Ada')
    expect(next.cookies.get('__Host-latchkey')).toBe(cookie.split('=')[1])
    example.pass(3601)
    run('')
    await expect(example.getAccessToken('acme')).rejects.toMatchObject({ code: 'auth/session_required' })
  })

  it('a change is refused by Next before anything is changed', async () => {
    run(await example.signIn())
    await expect(example.updateSession({ theme: 'dark' })).rejects.toThrow('Server Action or Route Handler')
    expect((await example.getSession())?.data).toEqual({})
  })

  it.each([
    [undefined, '/docs/sign-in?return_url=%2F&code=auth%2Fsession_required'],
    ['/docs', '/sign-in?return_url=%2Fdocs&code=auth%2Fsession_required'],
    ['/do', '/docs/sign-in?return_url=%2Fdo&code=auth%2Fsession_required'],
  ] as const)(
    'a refusal goes to the page for signing in, with the basePath %s before it once',
    async (basePath, to) => {
      const { requireSession } = createExampleAuth({ pages: { signIn: '/docs/sign-in' } }, { basePath })
      run('')
      await expect(requireSession()).rejects.toThrow(`redirected to ${to}`)
    },
  )

  it.each([
    ['a Server Action that a script calls', inActionOfRouter, ''],
    ['a Server Action that a form calls', inAction, '/docs'],
    ['a route handler', inHandler, '/docs'],
  ])(
    'a refusal goes there from %s too: Next puts the basePath before some redirects alone',
    async (_, place, prefix) => {
      const { requireSession } = createExampleAuth({ pages: { signIn: '/docs/sign-in' } }, { basePath: '/docs' })
      run('', place)
      const to = `redirected to ${prefix}/sign-in?return_url=%2Fdocs&code=auth%2Fsession_required`
      await expect(requireSession()).rejects.toThrow(to)
    },
  )

  it('a refresh in the proxy is shown', async () => {
    run(await example.signIn(), { headers: { 'x-latchkey-refreshed': '/account' } })
    expect((await example.requireSession()).user.subject).toBe('ada')
  })

  it.each([
    ['/account?tab=2', 'return_url=%2Faccount%3Ftab%3D2&'],
    ['/städte/東京', 'return_url=%2Fst%25C3%25A4dte%2F%25E6%259D%25B1%25E4%25BA%25AC&'],
  ])('a refusal comes back to where it is told to: %s', async (returnTo, parameter) => {
    run('')
    await expect(example.requireSession({}, { returnTo })).rejects.toThrow(parameter)
  })
})

describe.each([
  ['a Server Action', inAction],
  ['a route handler', inHandler],
])('in %s', (_, place) => {
  it('tokens that are due are refreshed, and the cookies are handed to Next', async () => {
    const cookie = await example.signIn('?due&large')
    run(cookie, place)
    const token = await example.getAccessToken('acme')
    expect(token).toMatch(/-1$/)
    expect(await example.getAccessToken('acme')).toBe(token)
    expect((await example.getSession())?.user.profile.name).toBe('Ada, refreshed 1')
    expect([...next.cookies.keys()]).toEqual(['__Host-latchkey', '__Host-latchkey.1'])
    expect(next.cookies.get('__Host-latchkey')).not.toBe(cookie.split('; ')[0]?.split('=')[1])
  })

  it('each change sees those before it', async () => {
    run(`app=a%20b; ${await example.signIn()}`, place)
    expect((await example.updateSession({ theme: 'dark' })).data).toEqual({ theme: 'dark' })
    expect((await example.updateSession({ font: 'serif' })).data).toEqual({ theme: 'dark', font: 'serif' })
    expect((await example.updateSession({ theme: undefined })).data).toEqual({ font: 'serif' })
    expect((await example.getSession())?.data).toEqual({ font: 'serif' })
  })

  it('a cookie that is removed is gone', async () => {
    run(await example.signIn(), place)
    next.cookies.set('__Host-latchkey', '')
    expect(await example.getSession()).toBeNull()
  })

  it('nobody changes a session from another site, whatever the method may be', async () => {
    const cookie = await example.signIn()
    for (const site of ['same-site', 'cross-site']) {
      run(cookie, { isWritable: true, headers: { ...place.headers, 'sec-fetch-site': site } })
      await expect(example.updateSession({ theme: 'dark' })).rejects.toMatchObject({ code: 'core/cross_origin' })
    }
  })

  it('two cookies of the name of ours stay two, so that neither counts', async () => {
    const cookie = await example.signIn()
    run(`${cookie}; ${cookie}`, place)
    expect(await example.getSession()).toBeNull()
  })
})

describe('in a route handler that the proxy has refreshed for', () => {
  it.each<[string, (mounted: ExampleAuth) => Promise<unknown>]>([
    ['getSession', (mounted) => mounted.getSession()],
    ['requireSession', (mounted) => mounted.requireSession()],
    ['getAccessToken', (mounted) => mounted.getAccessToken('acme')],
    ['updateSession', (mounted) => mounted.updateSession({ theme: 'dark' })],
  ])('%s has the browser ask again: two cookies of one name would meet', async (_, call) => {
    const headers = { ...inHandler.headers, 'x-latchkey-refreshed': '/docs/reports/?of=/' }
    const cookie = await example.signIn('?due')
    run(cookie, { isWritable: true, headers })
    await expect(call(example)).rejects.toThrow('redirected to /docs/reports/?of=/')
    expect(next.cookies.get('__Host-latchkey')).toBe(cookie.split('=')[1])
  })
})
