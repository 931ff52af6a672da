import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestBrowser } from '@latchkey/testkit'
import { describeWithBrowser, launchBrowser } from '@latchkey/tool-test-support'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bypasses, sendAsSaid } from './bypasses.ts'
import { canary } from './fixture-app/lib/acme.ts'
import { layOutApp, next16 } from './lay-out-app.ts'
import { buildApp, type RunningApp, startApp } from './next-command.ts'
import { startVendor, type Vendor } from './vendor.ts'
import { cookieNames, openVisitor } from './visitor.ts'

// As an app builds itself: what browsers load is what is shown of it.
const folder = layOutApp('fixture-app', 'fixture-app', next16, { poweredByHeader: false }, true)
const secret = 'an-example-secret-of-at-least-32-bytes'
const marker = 'protected-marker'
const deadline = 300_000

let built: { readonly status: number | null; readonly output: string }
let vendor: Vendor
let app: RunningApp

beforeAll(async () => {
  built = await buildApp(folder)
  if (built.status !== 0) throw new Error(built.output)
  vendor = await startVendor(() => `${app.origin}/auth/acme/callback`)
  app = await startApp(folder, { SESSION_SECRET: secret, VENDOR_URL: vendor.url })
}, deadline)

afterAll(async () => {
  await app?.stop()
  vendor?.close()
})

const textOf = (path: string): string => readFileSync(join(folder, '.next', path), 'utf8')
const opensPage = { 'sec-fetch-dest': 'document', accept: 'text/html' }

describe('next build', () => {
  it('needs no secret, prerenders what reads no session, and nothing that does', () => {
    const prerendered = globSync('server/app/**/*.html', { cwd: join(folder, '.next') })
    expect(prerendered).toEqual(expect.arrayContaining(['server/app/index.html', 'server/app/links.html']))
    for (const page of ['account', 'open', 'composed']) expect(prerendered).not.toContain(`server/app/${page}.html`)
  })

  it('puts nothing of the server into what browsers load', () => {
    const files = globSync('static/**/*.{js,css,json,map,html}', { cwd: join(folder, '.next') })
    const loaded = files.map(textOf).join('\n')
    expect(loaded).toContain(' clicks')
    for (const word of ['latchkey', 'A256GCM', 'requireSession', 'SESSION_SECRET', secret, canary]) {
      expect(loaded).not.toContain(word)
    }
  })

  it('makes Server Actions of what the app declares as such alone', () => {
    const { node } = JSON.parse(textOf('server/server-reference-manifest.json')) as {
      node: Record<string, { filename: string; exportedName: string }>
    }
    const ofTheApp = Object.values(node).filter(({ filename }) => !filename.endsWith('/lib/misused.ts'))
    expect(ofTheApp.map(({ exportedName }) => exportedName).sort()).toEqual([
      'leave',
      'order',
      'rename',
      'saveSettings',
      'whoAmI',
    ])
  })

  it('leaves no way to call what a `use server` module makes of latchkey', async () => {
    const { node } = JSON.parse(textOf('server/server-reference-manifest.json')) as {
      node: Record<string, { filename: string }>
    }
    const [id = ''] = Object.entries(node).find(([, { filename }]) => filename.endsWith('/lib/misused.ts')) ?? []
    const headers = { 'next-action': id, 'content-type': 'text/plain;charset=UTF-8', origin: app.origin }
    const called = await openVisitor(app.origin).fetch('/misused', { method: 'POST', headers, body: '[]' })
    expect(called.status).toBe(500)
    expect(app.output()).toContain('object is not extensible')
    expect(app.output()).not.toContain('A Server Action was made of it')
  })
})

describe('a page, a route handler and a Server Action', () => {
  it('know who signed in, by a session of several cookies', async () => {
    const visitor = openVisitor(app.origin)
    const signedIn = await visitor.signIn('&large')
    expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, '/account'])
    expect(signedIn.headers.get('cache-control')).toBe('private, no-store')
    expect(cookieNames(signedIn)).toEqual([
      expect.stringMatching(/^__Host-latchkey.acme./),
      '__Host-latchkey',
      '__Host-latchkey.1',
    ])
    const page = await visitor.open('/account')
    expect(page.text).toContain(marker)
    expect(page.headers.get('cache-control')).toMatch(/^private,.* no-store/)
    const me = await visitor.fetch('/api/me')
    expect(JSON.parse(me.text)).toMatchObject({ acme: { subject: 'ada' } })
    expect([me.headers.get('cache-control'), me.headers.get('vary')]).toEqual([
      'private, no-store',
      expect.stringContaining('Cookie'),
    ])
    expect((await visitor.fetch('/api/greetings/eve')).text).toBe('acme greets eve')
    expect(cookieNames(await act(visitor))).toEqual(['renamed'])
  })

  it('refuse who is not signed in: pages and actions by the way there, handlers by a problem document', async () => {
    const visitor = openVisitor(app.origin)
    const there = '/sign-in?return_url=%2Faccount&code=auth%2Fsession_required'
    const page = await visitor.open('/account')
    expect([page.status, page.headers.get('location')]).toEqual([307, there])
    const soft = await visitor.fetch('/account?_rsc', { headers: { rsc: '1', 'sec-fetch-dest': 'empty' } })
    expect(soft.text).toContain(there)
    const me = await visitor.open('/api/me')
    expect([me.status, me.headers.get('content-type')]).toEqual([401, 'application/problem+json'])
    const signedIn = openVisitor(app.origin)
    await signedIn.signIn()
    const { body, type } = await actionForm(signedIn)
    const action = await post(visitor, { body, type })
    expect([action.status, action.headers.get('location'), cookieNames(action)]).toEqual([303, there, []])
    for (const { text } of [page, soft, me, action]) expect(text).not.toContain(marker)
  })

  it('refuse a change that another site asks for', async () => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn()
    for (const site of ['cross-site', 'same-site']) {
      const action = await act(visitor, { 'sec-fetch-site': site })
      expect([action.status, cookieNames(action)]).toEqual([500, []])
      const headers = { 'sec-fetch-site': site, 'content-type': 'text/plain' }
      expect((await visitor.fetch('/api/secret', { method: 'POST', headers, body: 'x' })).status).toBe(403)
    }
  })

  it('show no token, also not in what a client component is given', async () => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn()
    const page = await visitor.open('/account')
    const soft = await visitor.fetch('/account?_rsc', { headers: { rsc: '1' } })
    for (const { text } of [page, soft]) {
      expect(text).toContain('"subject')
      expect(text).not.toContain(canary)
      expect(text).not.toContain('__Host-')
    }
  })

  it('agree at once that a session is over, though each is a bundle of its own', async () => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn('&due')
    const thief = visitor.copy()
    const action = await actionForm(visitor)
    const signedOut = await visitor.submit('/auth/logout', {})
    expect([signedOut.status, signedOut.headers.get('location')]).toEqual([303, '/'])
    expect(visitor.cookies.names()).toEqual([])
    expect((await thief.open('/account')).status).toBe(307)
    expect((await thief.open('/open')).text).toContain('whoever you are')
    expect((await thief.fetch('/api/me')).status).toBe(401)
    expect((await post(thief, action)).headers.get('location')).toContain('/sign-in')
    expect(cookieNames(await thief.open('/'))).toEqual([])
  })
})

describe('a refresh in the proxy', () => {
  it('is seen by the page of the same request, and by what the browser asks for next', async () => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn('&due&large')
    const page = await visitor.open('/account')
    expect(cookieNames(page)).toEqual(['__Host-latchkey', '__Host-latchkey.1'])
    expect(page.headers.get('cache-control')).toBe('private, no-store')
    const [name = ''] = /Ada, refreshed \d+/.exec(page.text) ?? []
    const me = await visitor.fetch('/api/me')
    expect(JSON.parse(me.text)).toMatchObject({ acme: { profile: { name } } })
    expect(name).not.toBe('')
    expect(cookieNames(me)).toEqual([])
  })

  it('reaches a prerendered page only where no cache may keep the answer', async () => {
    const visitor = openVisitor(app.origin)
    const anonymous = await visitor.open('/')
    expect([cookieNames(anonymous), anonymous.headers.get('cache-control')]).toEqual([[], 's-maxage=31536000'])
    await visitor.signIn()
    const current = await visitor.open('/')
    expect([cookieNames(current), current.headers.get('cache-control')]).toEqual([[], 's-maxage=31536000'])
    await visitor.signIn('&due')
    const refreshed = await visitor.open('/')
    expect(refreshed.headers.get('x-nextjs-cache')).toBe('HIT')
    expect([cookieNames(refreshed), refreshed.headers.get('cache-control')]).toEqual([
      ['__Host-latchkey'],
      'private, no-store',
    ])
    expect(cookieNames(await openVisitor(app.origin).open('/'))).toEqual([])
  })

  it("goes together with the app's own proxy", async () => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn('&due')
    visitor.cookies.set('encoded', 'a%20b')
    const { text, headers } = await visitor.open('/composed')
    const shown = text.replaceAll('<!-- -->', '')
    expect(shown).toMatch(/session: Ada, refreshed \d+;/)
    expect(shown).toContain('signed in: true;')
    expect(shown).toContain('cookies: encoded __Host-latchkey theme region;')
    expect([headers.get('x-app'), headers.get('cache-control')]).toEqual(['kept', 'private, no-store'])
    expect(cookieNames({ headers })).toEqual(['theme', 'region', '__Host-latchkey'])
  })

  it.each(['/composed?plain', '/rewritten'])('is seen behind an own proxy that passes nothing on: %s', async (path) => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn('&due')
    const { text, headers } = await visitor.open(path)
    expect(text).toMatch(/Ada, refreshed/)
    expect(cookieNames({ headers })).toEqual(['__Host-latchkey'])
    expect([...headers.keys()].filter((name) => name.startsWith('x-middleware-request'))).toEqual([])
  })

  it.each<[string, string, Record<string, string>]>([
    ["a render for Next's router", '/account?_rsc', { rsc: '1', 'sec-fetch-dest': 'empty' }],
    ['a prefetch', '/account', { ...opensPage, 'sec-purpose': 'prefetch' }],
    ['a script', '/open', { 'sec-fetch-dest': 'empty' }],
  ])('is not for %s', async (_, path, headers) => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn('&due')
    const visit = await visitor.fetch(path, { headers })
    expect([visit.status, cookieNames(visit)]).toEqual([200, []])
    expect(cookieNames(await visitor.open(path, { method: 'HEAD' }))).toEqual([])
    expect(cookieNames(await visitor.open(path.split('?')[0] ?? ''))).toEqual(['__Host-latchkey'])
  })
})

describe('a route handler', () => {
  it('keeps its own cookies beside those of a refresh, in an answer that no cache keeps', async () => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn('&due&large')
    const { headers } = await visitor.fetch('/api/greetings/eve')
    expect(cookieNames({ headers })).toEqual(['greeted', 'often', '__Host-latchkey', '__Host-latchkey.1'])
    expect(headers.get('cache-control')).toBe('private, no-store')
  })

  it('loses no refresh when it redirects by throwing', async () => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn('&due&large')
    const before = visitor.cookies.get('__Host-latchkey')
    const { status, headers } = await visitor.fetch('/api/leave')
    expect([status, headers.get('location')]).toEqual([307, '/open'])
    expect(cookieNames({ headers })).toEqual(['__Host-latchkey', '__Host-latchkey.1'])
    for (const line of headers.getSetCookie()) {
      expect(line).toMatch(/; Path=\/;.*Max-Age=\d+;.*Secure; HttpOnly; SameSite=lax$/i)
    }
    expect(visitor.cookies.get('__Host-latchkey')).not.toBe(before)
    expect((await visitor.open('/account')).text).toMatch(/Ada, refreshed/)
  })
})

describe('tokens and data of the session', () => {
  it('are changed by a Server Action: each change sees those before it, and so does the page that follows', async () => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn()
    const saved = await postForm(visitor, '/settings', { theme: 'dark', font: 'mono' })
    expect([saved.status, cookieNames(saved)]).toEqual([200, ['__Host-latchkey']])
    expect(saved.text).toContain('Ada: dark theme, mono font, token as it was')
    expect((await visitor.open('/settings')).text).toContain('Ada: dark theme, mono font, token as it was')
  })

  it('are refreshed by a Server Action that asks, and not by a page', async () => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn('&due')
    const page = await visitor.fetch('/settings?_rsc', { headers: { rsc: '1' } })
    expect(page.text).toMatch(/Ada: no theme, no font, token as it was/)
    expect(cookieNames(page)).toEqual([])
    const due = visitor.cookies.get('__Host-latchkey')
    const ordered = await postForm(visitor, '/orders', {})
    expect(ordered.text).toMatch(/Ada, refreshed \d+: token refreshed/)
    expect(cookieNames(ordered)).toEqual(['__Host-latchkey'])
    expect(visitor.cookies.get('__Host-latchkey')).not.toBe(due)
  })

  it('are not changed by a page', async () => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn()
    expect((await visitor.open('/settings?change')).status).toBe(500)
    expect((await visitor.open('/settings')).text).toContain('no theme')
  })

  it('are refreshed and changed by a handler of `route`, with one Set-Cookie per name', async () => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn('&due&large')
    const saved = await visitor.fetch('/api/settings', { method: 'POST' })
    expect([saved.json(), cookieNames(saved)]).toEqual([
      { theme: 'dark', font: 'serif' },
      ['__Host-latchkey', '__Host-latchkey.1'],
    ])
    expect(saved.headers.get('cache-control')).toBe('private, no-store')
    expect((await visitor.open('/settings')).text).toMatch(
      /Ada, refreshed \d+: dark theme, serif font, token refreshed/,
    )
    expect((await visitor.fetch('/api/orders')).text).toMatch(/^orders for \d{4} characters$/)
  })

  it('are refreshed once for a user who opens a handler of `route`, which the proxy leaves to itself', async () => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn('&due&large')
    const saved = await visitor.open('/api/settings')
    expect([saved.json(), cookieNames(saved)]).toEqual([
      { theme: 'dark', font: 'serif' },
      ['__Host-latchkey', '__Host-latchkey.1'],
    ])
    expect((await visitor.open('/settings')).text).toContain('dark theme, serif font, token refreshed')
  })

  it('are refreshed and changed by a handler without `route`, for pages of our own alone', async () => {
    const visitor = openVisitor(app.origin)
    await visitor.signIn('&due&large')
    const foreign = await visitor.fetch('/api/unguarded', {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-site' },
    })
    expect(foreign.status).toBe(500)
    const saved = await visitor.fetch('/api/unguarded', { method: 'POST' })
    expect([saved.json(), cookieNames(saved)]).toEqual([
      { refreshed: true, data: { theme: 'dark', font: 'serif' } },
      ['__Host-latchkey', '__Host-latchkey.1'],
    ])
    expect((await visitor.open('/settings')).text).toContain('dark theme, serif font, token refreshed')
  })
})

describe('protection', () => {
  it('holds, whatever a path or a header says', async () => {
    const leaks: string[] = []
    let count = 0
    for (const bypass of bypasses) {
      count++
      if ((await sendAsSaid(app.port, bypass)).includes(marker)) leaks.push(JSON.stringify(bypass))
    }
    expect(leaks).toEqual([])
    expect(count).toBeGreaterThan(500)
    const signedIn = openVisitor(app.origin)
    await signedIn.signIn()
    for (const path of ['/account', '/api/secret']) expect((await signedIn.fetch(path)).text).toContain(marker)
  })
})

describe('a session in the memory of the process', () => {
  it('is written by a route handler and read by pages, handlers and the proxy', async () => {
    const inMemory = await startApp(folder, {
      SESSION_SECRET: secret,
      VENDOR_URL: vendor.url,
      SESSION_STRATEGY: 'store',
    })
    try {
      const visitor = openVisitor(inMemory.origin)
      await visitor.signIn('&due')
      expect(visitor.cookies.get('__Host-latchkey')).toHaveLength(43)
      expect((await visitor.open('/account')).text).toMatch(/Ada, refreshed/)
      expect(JSON.parse((await visitor.fetch('/api/me')).text)).toMatchObject({ acme: { subject: 'ada' } })
      expect((await visitor.submit('/auth/logout', {})).status).toBe(303)
      expect((await visitor.open('/account')).status).toBe(307)
    } finally {
      await inMemory.stop()
    }
  })
})

describeWithBrowser('in a browser', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())

  /** The answers of the login route, by status. */
  const watchLogins = (page: Page): number[] => {
    const statuses: number[] = []
    page.on('response', (response) => {
      if (new URL(response.url()).pathname === '/auth/acme/login') statuses.push(response.status())
    })
    return statuses
  }

  it.each([
    ['a <Link>', 'text=Sign in by link'],
    ['the redirect of an action', 'text=Sign in by action'],
  ])('%s to a login route begins one login, and the user comes back signed in', async (_, button) => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const statuses = watchLogins(page)
    const before = vendor.logins()
    await page.goto(`${app.origin}/links`)
    // The router prefetches what it sees.
    await expect.poll(() => statuses, { timeout: 120_000 }).toContain(400)
    await page.click(button)
    await page.waitForURL(`${vendor.url}/**`)
    expect(vendor.logins() - before).toBe(1)
    expect(statuses.filter((status) => status < 400)).toEqual([303])
    const names = (await context.cookies()).map(({ name }) => name)
    expect(names.filter((name) => name.startsWith('__Host-latchkey.acme.'))).toHaveLength(1)

    await page.click('text=It is me')
    await page.waitForURL(`${app.origin}/account`)
    expect(await page.textContent('h1')).toBe(marker)
    await context.close()
  })

  it('a signed-in user moves about, acts and signs out', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${app.origin}/auth/acme/login?return_url=%2Flinks`)
    await page.click('text=It is me')
    await page.waitForURL(`${app.origin}/links`)
    await page.click('text=Who am I?')
    await page.waitForSelector('text=Who am I? ada')
    await page.click('text=Account')
    await page.click('text=Ada, 0 clicks')
    await page.waitForSelector('text=Ada, 1 clicks')
    await page.fill('input[name=name]', 'Lovelace')
    await page.click('text=Rename')
    await expect.poll(async () => (await context.cookies()).map(({ name }) => name)).toContain('renamed')
    await page.click('text=Sign out')
    await page.waitForURL(`${app.origin}/`)
    await page.goto(`${app.origin}/account`)
    expect(page.url()).toBe(`${app.origin}/sign-in?return_url=%2Faccount&code=auth%2Fsession_required`)
    await context.close()
  })
})

describe('the log', () => {
  it('shows no secret and no token', () => {
    for (const word of [secret, canary, '__Host-latchkey=']) expect(app.output()).not.toContain(word)
  })
})

/** The first form of a page, as a browser without scripts would post it. */
async function actionForm(
  visitor: TestBrowser,
  address = '/account',
  fields: Readonly<Record<string, string>> = { name: 'Countess' },
): Promise<{ readonly body: string; readonly type: string }> {
  const { text } = await visitor.fetch(address, { headers: { accept: 'text/html' } })
  const [, id = ''] = /name="(\$ACTION_ID_[0-9a-f]+)"/.exec(text) ?? []
  const form = new FormData()
  form.set(id, '')
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  const encoded = new Response(form)
  return { body: await encoded.text(), type: encoded.headers.get('content-type') ?? '' }
}

function post(
  visitor: TestBrowser,
  { body, type }: { readonly body: string; readonly type: string },
  headers: Readonly<Record<string, string>> = {},
  address = '/account',
) {
  return visitor.submit(address, {}, { headers: { 'content-type': type, ...headers }, body })
}

async function postForm(visitor: TestBrowser, address: string, fields: Readonly<Record<string, string>>) {
  return post(visitor, await actionForm(visitor, address, fields), {}, address)
}

async function act(visitor: TestBrowser, headers: Readonly<Record<string, string>> = {}) {
  return post(visitor, await actionForm(visitor), headers)
}
