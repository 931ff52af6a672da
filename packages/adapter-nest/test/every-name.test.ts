import { describe, expect, it } from 'vitest'
import { EveryNameModule, onSignIn } from './every-name.ts'
import { bearerToken, createExampleAuth } from './example-auth.ts'
import { browserCookies, cookieNames, platforms, start } from './running-app.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }

describe.each(platforms)('every name on %s', (platform) => {
  const run = async () => {
    const example = createExampleAuth({ onSignIn, tokenSeconds: 600 })
    const staff = createExampleAuth({ basePath: '/staff', session: { strategy: 'cookie', cookieName: '__Host-staff' } })
    const app = await start({ platform, imports: [EveryNameModule.with(example.auth, staff.auth)] })
    return { ...app, example }
  }

  it('tells who is there, by session and by token', async () => {
    const app = await run()
    const headers = { cookie: await app.signIn() }
    const token = { authorization: `Bearer ${bearerToken(['reports'])}` }
    const json = async (path: string, sent: Record<string, string> = {}) =>
      (await app.send(path, { headers: sent })).json()
    expect(await json('/session', headers)).toEqual({
      is: 'ada',
      user: 'ada',
      identity: 'ada',
      kind: 'session',
      bearer: null,
    })
    expect(await json('/bearer', token)).toEqual({ is: 'ada', kind: 'bearer', session: null, user: null })
    expect(await json('/either', headers)).toEqual({ kind: 'session', is: 'ada' })
    expect(await json('/either', token)).toEqual({ kind: 'bearer', is: 'ada' })
    expect(await json('/optional')).toEqual({ is: null, kind: null })
    expect(await json('/optional', headers)).toEqual({ is: 'ada', kind: 'session' })
    expect(await json('/session')).toMatchObject({ status: 401, code: 'auth/session_required' })
  })

  it('reaches tokens and data through the service', async () => {
    const app = await run()
    const cookie = await app.signIn()
    const json = async (path: string, headers: Record<string, string>) => (await app.send(path, { headers })).json()
    expect(await json('/token', { cookie })).toEqual({ accessToken: 'access-0' })
    expect(await json('/service', { cookie })).toMatchObject({
      is: 'ada',
      accessToken: 'access-0',
      formActionOrigins: [],
    })
    expect(await json('/service', {})).toMatchObject({ is: null, accessToken: null })

    const changed = await app.send('/theme', { method: 'POST', headers: { ...form, cookie }, body: 'theme=dark' })
    expect(await changed.json()).toEqual({ visits: 1, theme: 'dark' })
    expect(cookieNames(changed)).toEqual(['__Host-latchkey'])
    const session = await app.send('/session', { headers: { cookie: browserCookies(cookie, changed) } })
    expect(session.status).toBe(200)
  })

  it('ends the sessions of a user', async () => {
    const app = await run()
    const headers = { ...form, cookie: await app.signIn() }
    expect(await (await app.send('/sign-out-everywhere', { method: 'POST', headers })).json()).toEqual({ done: true })
    expect((await app.send('/session', { headers })).status).toBe(401)
  })

  it('asks the instance that is named', async () => {
    const app = await run()
    const cookie = await app.signIn('/staff/example/callback')
    expect(await (await app.send('/is-staff', { headers: { cookie } })).json()).toEqual({ isStaff: true })
    expect(await (await app.send('/is-staff')).json()).toEqual({ isStaff: false })
    expect((await app.send('/session', { headers: { cookie } })).status).toBe(401)
  })
})
