import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sessionCookies } from '../src/auth.ts'
import { expectRefusedSignIn, payrollOf, problemCode, sessionOf } from './answers.ts'
import {
  callbackOf,
  type RunningDemo,
  reachWinkCallback,
  reachWristbandCallback,
  signInWithWink,
  signInWithWristband,
  startRunningDemo,
} from './running-demo.ts'
import { openVisitor, setCookiesOf, type Visit, type Visitor } from './visitor.ts'

const sessionCookie = sessionCookies.Fastify

describe('two users at one browser', () => {
  let demo: RunningDemo
  let visitor: Visitor

  beforeEach(async () => {
    demo = await startRunningDemo()
    visitor = openVisitor(demo)
  })
  afterEach(() => demo.close())

  const users = () => demo.emulator.wristband.users
  const asProgram = (callback: URL): Promise<Visit> => visitor.visit(callback, { asProgram: true })
  const stepUp = async (user: string): Promise<Visit> => asProgram(await reachWinkCallback(demo, visitor, user))
  /** Who is signed in at each provider. */
  const subjects = async (): Promise<Record<string, string>> => {
    const { identities } = await sessionOf(demo, visitor)
    return Object.fromEntries(Object.entries(identities).map(([provider, { subject }]) => [provider, subject]))
  }
  /** Signs a user in with both, in a browser of their own: from then on the app knows whose face it is. */
  const remember = async (user: string): Promise<void> => {
    const own = openVisitor(demo)
    await signInWithWristband(demo, own, user)
    await signInWithWink(demo, own, user)
    expect(await payrollOf(demo, own)).toBe(200)
  }
  /** The single sign-on at the tenant would answer for the user who used it last. */
  const leaveWristband = (): void => {
    const host = demo.emulator.wristband.url.replace('//', '//acme.')
    for (const name of visitor.cookies.names(host)) visitor.cookies.delete(name, host)
  }

  it('refuses another face on the session of a user whose face is known, and changes nothing', async () => {
    await remember('ada')
    await signInWithWristband(demo, visitor, 'ada')
    const [session, cookie] = [await sessionOf(demo, visitor), visitor.cookies.get(sessionCookie)]

    expectRefusedSignIn(demo, await stepUp('bob'), 'auth/sign_in_refused')

    expect(await payrollOf(demo, visitor)).toBe('auth/step_up_required')
    expect(await sessionOf(demo, visitor)).toEqual(session)
    expect(visitor.cookies.get(sessionCookie)).toBe(cookie)
  })

  it('refuses a face that is known as that of somebody else', async () => {
    await remember('bob')
    await signInWithWristband(demo, visitor, 'ada')
    expectRefusedSignIn(demo, await stepUp('bob'), 'auth/sign_in_refused')
    expect(await payrollOf(demo, visitor)).toBe('auth/step_up_required')
    expect(await subjects()).toEqual({ wristband: users().ada.subject })
  })

  it('refuses another face while the payroll is open, and leaves it to whom it was opened for', async () => {
    await signInWithWristband(demo, visitor, 'ada')
    await signInWithWink(demo, visitor, 'ada')
    expectRefusedSignIn(demo, await stepUp('bob'), 'auth/sign_in_refused')
    const payroll = await visitor.visit(`${demo.url}/api/payroll`, { asProgram: true })
    expect(JSON.parse(payroll.text)).toMatchObject({ for: users().ada.winkToken })
  })

  it('tells a user on a page why they were refused', async () => {
    await remember('ada')
    await signInWithWristband(demo, visitor, 'ada')
    const answer = await signInWithWink(demo, visitor, 'bob')
    expect(answer.location?.href).toBe(`${demo.url}/error?code=auth%2Fsign_in_refused`)
    expect((await visitor.follow(answer)).text).toContain('someone else')
  })

  it('keeps nothing of Ada when Bob signs in over her session', async () => {
    await signInWithWristband(demo, visitor, 'ada')
    await signInWithWink(demo, visitor, 'ada')
    const cookieOfAda = visitor.cookies.get(sessionCookie)
    leaveWristband()

    await signInWithWristband(demo, visitor, 'bob')

    expect(await subjects()).toEqual({ wristband: users().bob.subject })
    expect(await payrollOf(demo, visitor)).toBe('auth/step_up_required')
    const me = await visitor.visit(`${demo.url}/api/me`, { asProgram: true })
    for (const trace of [users().ada.subject, users().ada.winkToken, 'Lovelace', 'ada@']) {
      expect(me.text).not.toContain(trace)
    }
    const copied = await openVisitor(demo).visit(`${demo.url}/api/me`, {
      asProgram: true,
      headers: { cookie: `${sessionCookie}=${cookieOfAda}` },
    })
    expect(problemCode(copied)).toBe('auth/session_required')
  })

  it('replaces the identity of the same user in place', async () => {
    await signInWithWristband(demo, visitor, 'ada')
    await signInWithWink(demo, visitor, 'ada')
    await signInWithWristband(demo, visitor, 'ada')
    expect(await subjects()).toEqual({ wristband: users().ada.subject, wink: users().ada.winkToken })
  })

  it.each([
    ['wink', reachWinkCallback],
    ['wristband', reachWristbandCallback],
  ] as const)('refuses to finish on the session of Bob what %s began on that of Ada', async (_provider, reach) => {
    await signInWithWristband(demo, visitor, 'ada')
    const callback = await reach(demo, visitor, 'ada')
    leaveWristband()
    await signInWithWristband(demo, visitor, 'bob')

    expectRefusedSignIn(demo, await asProgram(callback), 'auth/session_changed')

    expect(await subjects()).toEqual({ wristband: users().bob.subject })
    expect(await payrollOf(demo, visitor)).toBe('auth/step_up_required')
  })

  it('links no sign-in that began before there was a session', async () => {
    const callback = await reachWinkCallback(demo, visitor, 'ada')
    await signInWithWristband(demo, visitor, 'ada')
    const page = await visitor.visit(callback)
    expect([page.status, page.text.includes('Ada Lovelace')]).toEqual([409, true])
    expect(await subjects()).toEqual({ wristband: users().ada.subject })
  })

  describe.each([
    ['typed', undefined],
    ['opened by a link of another site', 'https://evil.example/'],
    ['opened by a link of another server on this host', 'http://localhost:1/'],
  ])('a login that is %s while Ada is signed in', (_how, from) => {
    /** Goes through it as a user, and expects to be asked, with the session as it was. Gives what the button posts. */
    const reachButton = async (path: string, user: string): Promise<Readonly<Record<string, string>>> => {
      const [session, cookie] = [await sessionOf(demo, visitor), visitor.cookies.get(sessionCookie)]
      const begun = demo.events.length
      const page = await visitor.visit(await callbackOf(visitor, await visitor.visit(demo.url + path, { from }), user))
      expect(page.status).toBe(409)
      expect(page.text).toContain('data-code="auth/sign_in_unconfirmed"')
      expect(page.text.match(/<button/g)).toHaveLength(1)
      expect(setCookiesOf(page)).toEqual([])
      expect(await sessionOf(demo, visitor)).toEqual(session)
      expect(visitor.cookies.get(sessionCookie)).toBe(cookie)
      expect(demo.events.slice(begun).map(({ type }) => type)).not.toContain('sign_in.succeeded')
      const [, sealed = ''] = /name="sign_in" value="([^"]+)"/.exec(page.text) ?? []
      return { sign_in: sealed }
    }
    const press = (form: Readonly<Record<string, string>>): Promise<Visit> =>
      visitor.visit(`${demo.url}/auth/confirm`, { form })

    it('asks before Bob takes her place, and then begins a session of his', async () => {
      await signInWithWristband(demo, visitor, 'ada')
      leaveWristband()
      const form = await reachButton('/auth/wristband/login?tenant_name=acme&return_url=%2Fpayroll', 'bob')
      expect((await press(form)).location?.href).toBe(`${demo.url}/payroll`)
      expect(await subjects()).toEqual({ wristband: users().bob.subject })
    })

    it('asks before it links her face, and then remembers it', async () => {
      await signInWithWristband(demo, visitor, 'ada')
      const form = await reachButton('/auth/wink/login?return_url=%2Fpayroll', 'ada')
      expect(await payrollOf(demo, visitor)).toBe('auth/step_up_required')
      expect((await press(form)).location?.href).toBe(`${demo.url}/payroll`)
      expect(await subjects()).toEqual({ wristband: users().ada.subject, wink: users().ada.winkToken })
      expect(await payrollOf(demo, visitor)).toBe(200)
    })

    it('refuses the face of Bob even after the button, where hers is known', async () => {
      await remember('ada')
      await signInWithWristband(demo, visitor, 'ada')
      const [session, cookie] = [await sessionOf(demo, visitor), visitor.cookies.get(sessionCookie)]
      const answer = await press(await reachButton('/auth/wink/login', 'bob'))
      expect(answer.location?.href).toBe(`${demo.url}/error?code=auth%2Fsign_in_refused`)
      expect(setCookiesOf(answer)).toEqual([])
      expect(demo.events.at(-1)).toMatchObject({
        type: 'sign_in.refused',
        provider: 'wink',
        code: 'auth/sign_in_refused',
      })
      expect((await visitor.follow(answer)).text).toContain('someone else')
      expect(await sessionOf(demo, visitor)).toEqual(session)
      expect(visitor.cookies.get(sessionCookie)).toBe(cookie)
    })

    it('remembers no face without the button: the next one may still be linked', async () => {
      await signInWithWristband(demo, visitor, 'ada')
      await reachButton('/auth/wink/login', 'bob')
      await signInWithWink(demo, visitor, 'ada')
      expect(await subjects()).toEqual({ wristband: users().ada.subject, wink: users().ada.winkToken })
    })
  })

  it('starts a session with Wink alone', async () => {
    const answer = await signInWithWink(demo, visitor, 'ada')
    expect(answer.location?.href).toBe(`${demo.url}/`)
    expect(await subjects()).toEqual({ wink: users().ada.winkToken })
    expect(await payrollOf(demo, visitor)).toBe(200)
  })

  it('knows the face of Ada at any later time, and never takes that of Bob for it', async () => {
    await remember('ada')
    await signInWithWristband(demo, visitor, 'ada')
    demo.advance(601)
    expectRefusedSignIn(demo, await stepUp('bob'), 'auth/sign_in_refused')
    await signInWithWink(demo, visitor, 'ada')
    expect(await subjects()).toEqual({ wristband: users().ada.subject, wink: users().ada.winkToken })
    expectRefusedSignIn(demo, await stepUp('bob'), 'auth/sign_in_refused')
    expect(await payrollOf(demo, visitor)).toBe(200)
  })

  it('remembers a face only right after a sign-in', async () => {
    await signInWithWristband(demo, visitor, 'ada')
    demo.advance(601)
    expectRefusedSignIn(demo, await stepUp('ada'), 'auth/sign_in_refused')
    expect(await payrollOf(demo, visitor)).toBe('auth/step_up_required')

    await signInWithWristband(demo, visitor, 'ada')
    demo.advance(590)
    await signInWithWink(demo, visitor, 'ada')
    expect(await payrollOf(demo, visitor)).toBe(200)
  })

  it('asks for the face again after five minutes', async () => {
    await signInWithWristband(demo, visitor, 'ada')
    await signInWithWink(demo, visitor, 'ada')
    demo.advance(301)
    expect(await payrollOf(demo, visitor)).toBe('auth/step_up_required')
  })
})
