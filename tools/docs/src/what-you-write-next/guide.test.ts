import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Auth } from '@latchkey/core'
import { type EmulatedWristband, startEmulator } from '@latchkey/emulator'
import { createTestBrowser, type TestAnswer, type TestBrowser } from '@latchkey/testkit'
import { freePort } from '@latchkey/tool-test-support'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { readPrograms } from '../ten-minutes/guide.ts'

type Role = 'member' | 'admin'
interface Account {
  readonly id: string
  readonly user: Parameters<Auth['revokeSessions']>[0]
  role: Role | null
}

/** The files of the guide, as modules. */
interface App {
  readonly app: FastifyInstance
  accountById(id: string): Promise<Account | null>
  invite(role: Role): Promise<string>
  takeRoleFrom(account: Account): Promise<void>
  closeAccount(account: Account): Promise<void>
  textOf(code: unknown): string
}

const docs = join(import.meta.dirname, '../../../../docs')
const page = readFileSync(join(docs, 'guides/what-you-write-next.md'), 'utf8')
let wristband: EmulatedWristband
let close: () => Promise<void>
let folder: string
let origin: string
let guide: App

beforeAll(async () => {
  const emulator = await startEmulator({ wink: false, wise: false })
  ;({ wristband } = emulator)
  const port = await freePort()
  origin = `http://localhost:${port}`
  wristband.registerRedirectUri(`${origin}/auth/wristband/callback`)
  wristband.registerLogoutUrl(`${origin}/auth/logout/next`)
  const variables = {
    BASE_URL: origin,
    SESSION_SECRET: 'an-example-secret-of-32-bytes-or-more',
    WRISTBAND_CLIENT_ID: wristband.clientId,
    WRISTBAND_CLIENT_SECRET: wristband.clientSecret,
    WRISTBAND_APPLICATION_DOMAIN: wristband.applicationDomain,
    WRISTBAND_TENANT: wristband.tenants.acme.name,
    WRISTBAND_TENANT_ID: wristband.tenants.acme.id,
    HOURS_API_URL: `${origin}/api/hours`,
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  // Inside of this package, whose dependencies are those of the examples.
  folder = mkdtempSync(join(import.meta.dirname, '../../examples-'))
  const names = readPrograms(page).map((program) => {
    const name = /^\/\/ (\S+)\r?\n/.exec(program)?.[1] ?? ''
    writeFileSync(join(folder, name), program)
    return name
  })
  const modules = await Promise.all(
    names.map((name): Promise<object> => import(/* @vite-ignore */ pathToFileURL(join(folder, name)).href)),
  )
  guide = Object.assign({}, ...modules) as App
  await guide.app.listen({ host: 'localhost', port })
  close = async () => {
    await guide.app.close()
    await emulator.close()
  }
})
afterAll(async () => {
  await close()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const open = (): TestBrowser => createTestBrowser({ origin })

/** Goes on from the answer of our login route: through Wristband's page as a user, back to the app. */
async function signInFrom(browser: TestBrowser, start: TestAnswer, user: string): Promise<TestAnswer> {
  const login = await browser.follow(start)
  // Wristband knows the user still.
  if (login.url.origin === origin) return login
  const [, req = ''] = /name="req" value="([^"]+)"/.exec(login.text) ?? []
  return browser.follow(await browser.submit(new URL('/login', login.url), { req, user }))
}

async function signIn(user: string): Promise<TestBrowser> {
  const browser = open()
  await signInFrom(browser, await browser.open('/auth/wristband/login?return_url=/sign-in', { from: '/' }), user)
  return browser
}

const accountOf = async (browser: TestBrowser) =>
  (await browser.fetch('/api/account')).json() as { id: string; name: string; role: Role | null; theme: string }

/** Signs a user in whose row says that they are an administrator. */
async function signInAdministrator(user: string): Promise<TestBrowser> {
  const account = await guide.accountById((await accountOf(await signIn(user))).id)
  if (account === null) throw new Error('There is no row')
  account.role = 'admin'
  return signIn(user)
}

it('makes one row of a user, at the first sign-in', async () => {
  const first = await accountOf(await signIn('ada'))
  expect(first).toMatchObject({ id: expect.any(String), name: 'Ada Lovelace', theme: 'light' })
  expect((await accountOf(await signIn('ada'))).id).toBe(first.id)
  expect((await accountOf(await signIn('bob'))).id).not.toBe(first.id)
})

it('keeps data of its own in the session', async () => {
  const browser = await signIn('bob')
  const put = (theme: string) =>
    browser.fetch('/api/theme', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ theme }),
    })
  expect((await put('dark')).status).toBe(204)
  expect((await put('loud')).status).toBe(400)
  expect(await accountOf(browser)).toMatchObject({ name: 'Bob Babbage', theme: 'dark' })
})

it('lets administrators alone invite, and somebody else accept once, who is asked to sign in', async () => {
  const administrator = await signInAdministrator('ada')
  const invited = await administrator.fetch('/api/invitations', { method: 'POST' })
  const { path } = invited.json() as { path: string }
  const bob = await signIn('bob')
  const refused = await bob.fetch('/api/invitations', { method: 'POST' })
  expect([refused.status, (refused.json() as { code: string }).code]).toEqual([403, 'auth/forbidden'])

  // On a screen where Ada is still signed in at Wristband, and not here.
  const shared = administrator
  await shared.submit('/auth/logout')
  const shown = await shared.open(path)
  expect(shown.headers.get('referrer-policy')).toBe('no-referrer')
  const [, link = ''] = /href="([^"]+)"/.exec(shown.text) ?? []
  expect(link).toContain('prompt=login')
  const back = await signInFrom(shared, await shared.open(link, { from: path }), 'bob')
  expect(back.url.pathname).toBe(path)
  // Opening the link, as scanners of mail do, has not used it up.
  expect(back.text).toContain('Accept')
  const accepted = await shared.submit(path)
  expect([accepted.status, accepted.location?.pathname]).toEqual([303, '/hours'])
  expect(await accountOf(shared)).toMatchObject({ name: 'Bob Babbage', role: 'member' })
  expect((await bob.submit(path)).status).toBe(410)
})

it('calls another API with the token of the user, and as the app', async () => {
  const browser = await signInAdministrator('ada')
  const { user } = (await browser.fetch('/auth/session')).json() as { user: { subject: string } }
  expect((await browser.open('/hours')).json()).toEqual({ kind: 'user', of: user.subject })
  const nightly = await browser.fetch('/api/nightly', { method: 'POST' })
  expect(nightly.json()).toEqual({ kind: 'machine', of: 'everybody' })
  expect((await open().fetch('/api/hours')).status).toBe(401)
})

it('asks for the sign-in again from whom a role was taken', async () => {
  const browser = await signInAdministrator('ada')
  const account = await guide.accountById((await accountOf(browser)).id)
  if (account === null) throw new Error('There is no row')
  await guide.takeRoleFrom(account)
  expect((await browser.fetch('/api/invitations', { method: 'POST' })).status).toBe(401)
  expect((await (await signIn('ada')).fetch('/api/invitations', { method: 'POST' })).status).toBe(403)
})

it('refuses a closed account with a code of its own, and explains it', async () => {
  const browser = await signIn('bob')
  const account = await guide.accountById((await accountOf(browser)).id)
  if (account === null) throw new Error('There is no row')
  await guide.closeAccount(account)
  expect((await browser.fetch('/api/account')).status).toBe(401)
  const begun = await browser.open('/auth/wristband/login?return_url=/hours', { from: '/' })
  const refused = await signInFrom(browser, begun, 'bob')
  expect([refused.url.pathname, refused.url.search]).toEqual(['/sign-in-failed', '?code=app%2Faccount_closed'])
  expect(refused.text).toContain('This account is closed.')
})

it('has texts for codes that exist, and shows nothing that an address says', async () => {
  const [, table = ''] = /const texts[^{]*\{([\s\S]*?)\n\}/.exec(page) ?? []
  const named = [...table.matchAll(/'([a-z]+\/[a-z_]+)':/g)].map(([, code = '']) => code)
  const known = readFileSync(join(docs, 'errors.md'), 'utf8')
  expect(named.length).toBeGreaterThan(15)
  expect(named.filter((code) => !code.startsWith('app/') && !known.includes(`| \`${code}\` |`))).toEqual([])
  for (const code of ['<b>', 'toString', 'oidc/unheard_of', undefined]) {
    expect(guide.textOf(code)).toBe('The sign-in could not be completed. Begin again.')
  }
  const shown = await open().open('/sign-in-failed?code=%3Cscript%3E')
  expect(shown.text).not.toContain('<script>')
})
