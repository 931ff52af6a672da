import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningDemo, signInWithWristband, startRunningDemo } from './running-demo.ts'
import { openVisitor, type Visit } from './visitor.ts'

let demo: RunningDemo
beforeAll(async () => {
  demo = await startRunningDemo()
})
afterAll(() => demo.close())

function ask(token?: string): Promise<Visit> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return openVisitor(demo).visit(`${demo.url}/api/reports`, { asProgram: true, headers })
}
const codeOf = ({ status, text }: Visit): unknown => [status, (JSON.parse(text) as { code: unknown }).code]

/** The access token of somebody who signs in with Wristband. */
async function accessTokenOf(user: string, tenant: string): Promise<string> {
  const visitor = openVisitor(demo)
  await signInWithWristband(demo, visitor, user, tenant)
  const request = new Request(demo.url, { headers: { cookie: visitor.cookies.header() } })
  return (await demo.auth.getAccessToken(request, 'wristband')).accessToken
}

/** An access token of the application itself, straight from the token endpoint. */
async function machineToken(): Promise<string> {
  const { url, clientId, clientSecret } = demo.emulator.wristband
  const response = await fetch(`${url}/api/v1/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  return ((await response.json()) as { access_token: string }).access_token
}

it('gives reports to a user with an access token', async () => {
  const { status, text } = await ask(await accessTokenOf('ada', 'acme'))
  const { users, tenants } = demo.emulator.wristband
  expect([status, JSON.parse(text)]).toMatchObject([
    200,
    { for: { kind: 'user', subject: users.ada.subject, tenant: tenants.acme.id } },
  ])
})

it('gives them to a machine', async () => {
  const { status, text } = await ask(await machineToken())
  expect([status, JSON.parse(text)]).toMatchObject([200, { for: { kind: 'machine' } }])
})

it('gives them to nobody else: no token, a session instead, a changed token, an old one', async () => {
  expect(codeOf(await ask())).toEqual([401, 'auth/bearer_required'])
  const visitor = openVisitor(demo)
  await signInWithWristband(demo, visitor)
  const bySession = await visitor.visit(`${demo.url}/api/reports`, { asProgram: true })
  expect(codeOf(bySession)).toEqual([401, 'auth/bearer_required'])

  const token = await accessTokenOf('ada', 'acme')
  expect(codeOf(await ask(`${token.slice(0, -4)}AAAA`))).toEqual([401, 'auth/bearer_invalid'])
  demo.advance(1800)
  expect(codeOf(await ask(token))).toEqual([401, 'auth/bearer_invalid'])
})
