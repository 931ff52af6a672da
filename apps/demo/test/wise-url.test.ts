import jsonwebtoken from 'jsonwebtoken'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemCode } from './answers.ts'
import { type RunningDemo, signInWithWristband, startRunningDemo } from './running-demo.ts'
import { openVisitor, type Visit, type Visitor } from './visitor.ts'

let demo: RunningDemo
let ada: Visitor

beforeAll(async () => {
  demo = await startRunningDemo()
  ada = openVisitor(demo)
  await signInWithWristband(demo, ada)
})
afterAll(() => demo?.close())

const launch = (visitor: Visitor, form: Readonly<Record<string, string>> = {}, site = 'same-origin'): Promise<Visit> =>
  visitor.visit(`${demo.url}/auth/wise/launch`, { form, headers: { 'sec-fetch-site': site } })
const urlOf = ({ location }: Visit): URL => location ?? new URL('none:')
const tokenOf = (visit: Visit): string => urlOf(visit).searchParams.get('jwtToken') ?? ''

describe('the URL that opens Wise', () => {
  it('is accepted by jsonwebtoken with the secret as it is written', async () => {
    const { wise, wristband } = demo.emulator
    const visit = await launch(ada)
    expect(visit.status).toBe(303)
    const headers = [visit.headers.get('cache-control'), visit.headers.get('referrer-policy')]
    expect(headers).toEqual(['private, no-store', 'no-referrer'])
    expect(urlOf(visit).origin).toBe(wise.url)
    const claims = jsonwebtoken.verify(tokenOf(visit), wise.jwtTokenSecret, { algorithms: ['HS256'], maxAge: 120 })
    expect(claims).toMatchObject({ vendorUserId: wristband.users.ada.subject, profile: 'student' })
  })

  it('is refused by jsonwebtoken with the secret decoded from hex', async () => {
    const { jwtTokenSecret } = demo.emulator.wise
    expect(jwtTokenSecret).toMatch(/^[0-9a-f]{32,}$/)
    const token = tokenOf(await launch(ada))
    const decoded = Buffer.from(jwtTokenSecret, 'hex')
    expect(() => jsonwebtoken.verify(token, decoded, { algorithms: ['HS256'] })).toThrow('invalid signature')
  })

  it('is another one each time', async () => {
    expect(tokenOf(await launch(ada))).not.toBe(tokenOf(await launch(ada)))
  })

  it.each(['/student/classes', '/student/classes/c-1/resources'])('leads to %s, which is on the list', async (path) => {
    expect((await ada.follow(await launch(ada, { path }))).url.href).toBe(`${demo.emulator.wise.url}${path}`)
  })

  it.each([
    '/admin',
    '/student/classes/',
    '/student/classes/../../admin',
    '//evil.example',
    'https://evil.example/',
    '',
  ])('is not made for the path %j, which is not', async (path) => {
    const visit = await launch(ada, { path })
    expect([visit.status, visit.location, problemCode(visit)]).toEqual([400, null, 'wise/path_not_allowed'])
  })

  it('says who is signed in, whatever the form says', async () => {
    const visit = await launch(ada, { vendorUserId: 'usr_mallory', userId: 'usr_mallory', profile: 'teacher' })
    const claims = jsonwebtoken.decode(tokenOf(visit))
    expect(claims).toMatchObject({ vendorUserId: demo.emulator.wristband.users.ada.subject, profile: 'student' })
    expect(claims).not.toHaveProperty('userId')
  })

  it('is not made without a session', async () => {
    const visit = await launch(openVisitor(demo))
    expect([visit.status, visit.location, problemCode(visit)]).toEqual([401, null, 'auth/session_required'])
  })

  it.each(['cross-site', 'same-site'])('is not made for a page that is %s', async (site) => {
    const visit = await launch(ada, {}, site)
    expect([visit.status, visit.location, problemCode(visit)]).toEqual([403, null, 'core/cross_origin'])
  })

  it('is not made for a link', async () => {
    const visit = await ada.visit(`${demo.url}/auth/wise/launch`)
    expect([visit.status, visit.location?.href]).toEqual([303, `${demo.url}/error?code=core%2Fmethod_not_allowed`])
  })
})
