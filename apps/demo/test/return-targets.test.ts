import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectRefusedSignIn, sessionOf } from './answers.ts'
import { callbackOf, type RunningDemo, signInWithWink, signInWithWristband, startRunningDemo } from './running-demo.ts'
import { allowedRedirects, redirectPayloads } from './vectors.ts'
import { openVisitor, setCookiesOf, type Visit, type Visitor } from './visitor.ts'

let demo: RunningDemo
let visitor: Visitor

beforeAll(async () => {
  demo = await startRunningDemo()
})
beforeEach(() => {
  visitor = openVisitor(demo)
  demo.emulator.wristband.journal.clear()
  demo.emulator.wink.journal.clear()
})
afterAll(() => demo.close())

const providers = ['wristband', 'wink'] as const
type Provider = (typeof providers)[number]

/** The corpus means https://app.example.com by our own origin; this is the same attack on the origin of the test. */
function onOurOrigin(payload: string): string {
  const { host } = new URL(demo.url)
  return payload
    .replace(/^(https?):\/\/app\.example\.com/i, (_match, scheme: string) =>
      scheme.toLowerCase() === 'https' ? `http://${host}` : `https://${host}`,
    )
    .replaceAll('app.example.com', host)
}
const variants = (payload: string): readonly string[] => [...new Set([payload, onOurOrigin(payload)])]
const originOf = (location: URL | null): string | undefined => location?.origin

const login = (provider: Provider, returnUrl: string): Promise<Visit> =>
  visitor.visit(`${demo.url}/auth/${provider}/login?${new URLSearchParams({ return_url: returnUrl })}`, {
    asProgram: true,
  })
const logout = (returnUrl: string): Promise<Visit> =>
  visitor.visit(`${demo.url}/auth/logout`, { form: { return_url: returnUrl } })
/** Where a user ends who signs in with a return URL that the login route took. */
const landing = async (start: Visit): Promise<URL | null> =>
  (await visitor.visit(await callbackOf(visitor, start, 'ada'))).location

/** An empty field is none: a form sends its fields whether or not they are filled in. */
const refused = redirectPayloads.filter(({ payload, expect: verdict }) => verdict === 'reject' && payload !== '')
const contained = redirectPayloads.filter(({ expect: verdict }) => verdict === 'same-origin-or-reject')
const underAuth = [
  '/auth',
  '/auth/',
  '/auth/wristband/login',
  '/AUTH/logout',
  '/%61uth/wink/login',
  '/x/../auth/session',
]

it('has a corpus to go by', () => {
  expect([refused.length > 80, contained.length > 5, allowedRedirects.length > 10]).toEqual([true, true, true])
})

describe.each(providers)('the return URL of a sign-in with %s', (provider) => {
  it('is refused when it leads elsewhere, and nothing is begun', async () => {
    for (const payload of [...refused.flatMap((entry) => variants(entry.payload)), ...underAuth]) {
      const answer = await login(provider, payload)
      expect([payload, answer.status, answer.location, setCookiesOf(answer)]).toEqual([payload, 400, null, []])
      expectRefusedSignIn(demo, answer, 'auth/return_url_invalid')
    }
    expect([...demo.emulator.wristband.journal, ...demo.emulator.wink.journal]).toEqual([])
  })

  it('is none when it is empty', async () => {
    expect((await landing(await login(provider, '')))?.href).toBe(`${demo.url}/`)
  })

  it('is refused or stays on our origin when it only looks like a way out', async () => {
    for (const { payload } of contained) {
      visitor = openVisitor(demo)
      const start = await login(provider, payload)
      if (start.location === null) expectRefusedSignIn(demo, start, 'auth/return_url_invalid')
      else expect([payload, originOf(await landing(start))]).toEqual([payload, demo.url])
    }
  })

  it('is where the user lands when it is ours', async () => {
    for (const target of allowedRedirects.map(onOurOrigin)) {
      visitor = openVisitor(demo)
      const landed = await landing(await login(provider, target))
      expect([target, landed?.href]).toEqual([target, new URL(target, demo.url).href])
    }
  })

  it('is the front page when none is given', async () => {
    const start = await visitor.visit(`${demo.url}/auth/${provider}/login`)
    expect((await landing(start))?.href).toBe(`${demo.url}/`)
  })

  it('cannot be given to the callback', async () => {
    const start = await login(provider, '/dashboard')
    const callback = await callbackOf(visitor, start, 'ada')
    callback.searchParams.set('return_url', 'https://evil.example/')
    expect((await visitor.visit(callback)).location?.href).toBe(`${demo.url}/dashboard`)
  })
})

describe('the return URL of a sign-out', () => {
  it('is the front page when the one that is given leads elsewhere: the sign-out goes on', async () => {
    for (const payload of [...refused.flatMap((entry) => variants(entry.payload)), ...underAuth, '']) {
      const answer = await logout(payload)
      expect([payload, answer.status, answer.location?.href]).toEqual([payload, 303, `${demo.url}/`])
    }
  })

  it('stays on our origin when it only looks like a way out', async () => {
    for (const { payload } of contained) {
      expect([payload, originOf((await logout(payload)).location)]).toEqual([payload, demo.url])
    }
  })

  it('is where a user lands who was not signed in', async () => {
    for (const target of allowedRedirects.map(onOurOrigin)) {
      expect([target, (await logout(target)).location?.href]).toEqual([target, new URL(target, demo.url).href])
    }
  })

  it('is where a user lands after both vendors signed them out', async () => {
    await signInWithWristband(demo, visitor)
    await signInWithWink(demo, visitor)
    const end = await visitor.follow(await logout('/sign-in?code=bye'))
    expect(end.url.href).toBe(`${demo.url}/sign-in?code=bye`)
    expect(demo.emulator.wristband.journal.count('logout')).toBe(1)
    expect(demo.emulator.wink.journal.count('logout')).toBe(1)
  })

  it('stops no sign-out when it leads elsewhere: both vendors sign the user out, too', async () => {
    await signInWithWristband(demo, visitor)
    await signInWithWink(demo, visitor)
    const end = await visitor.follow(await logout('//evil.example'))
    expect(end.url.href).toBe(`${demo.url}/`)
    expect((await sessionOf(demo, visitor)).signedIn).toBe(false)
    expect(demo.emulator.wristband.journal.count('logout')).toBe(1)
    expect(demo.emulator.wink.journal.count('logout')).toBe(1)
  })

  it('leads nowhere when the way back from the vendors is opened by hand', async () => {
    const answer = await visitor.visit(`${demo.url}/auth/logout/next?return_url=https://evil.example/`)
    expect(answer.location?.href).toBe(`${demo.url}/`)
  })
})
