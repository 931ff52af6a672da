import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Auth, createAuth, createVault } from '@latchkey/core'
import { testSession } from '@latchkey/testkit'
import { describeWithBrowser, launchBrowser } from '@latchkey/tool-services'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exampleVendor } from '../own/example-vendor.ts'

const name = '__Host-latchkey'
const forAll = 'Domain=acme.localhost; Path=/; Secure'

/** What a sibling host may try to plant. */
const lookAlikes: readonly ((value: string) => string)[] = [
  (value) => `${name}=${value}; ${forAll}`,
  (value) => `${name.toLowerCase()}=${value}; ${forAll}`,
  (value) => `=${name}=${value}; ${forAll}`,
  (value) => `${name} =${value}; ${forAll}`,
  (value) => `"${name}"=${value}; ${forAll}`,
  (value) => `\u00a0${name}=${value}; ${forAll}`,
  (value) => `${name}\u00a0=${value}; ${forAll}`,
  (value) => `\u0085${name}=${value}; ${forAll}`,
  (value) => `latchkey=${value}; ${forAll}`,
  (value) => `%5F_Host-latchkey=${value}; ${forAll}`,
  (value) => `${name}.1=${value}; ${forAll}`,
  () => `broken="%E0%A4%A; ${forAll}`,
]

describeWithBrowser('Chromium, with two hosts under acme.localhost', () => {
  const seen: string[] = []
  let planted = ''
  let auth: Auth
  let app: Server
  let sibling: Server
  let browser: Awaited<ReturnType<typeof launchBrowser>>

  beforeAll(async () => {
    browser = await launchBrowser()
    app = createServer((request, response) => {
      seen.push(request.headers.cookie ?? '')
      const headers = { get: (header: string) => (request.headers[header] as string | undefined) ?? null }
      void auth
        .read({ method: 'GET', url: '/', headers })
        .then(({ session }) => response.end(session?.identities.acme?.subject ?? 'nobody'))
    })
    sibling = createServer((_request, response) => {
      response.setHeader(
        'set-cookie',
        lookAlikes.map((line) => line(planted)),
      )
      response.end('planted')
    })
    for (const server of [app, sibling]) await once(server.listen(0, '127.0.0.1'), 'listening')
    auth = createAuth({
      baseUrl: urlOf('app', app),
      secret: 'an-example-secret-of-at-least-32-bytes',
      providers: [exampleVendor()],
    })
    planted = (await testSession(auth, { acme: { subject: 'eve' } })).cookie.slice(`${name}=`.length)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    for (const server of [app, sibling]) server?.close()
  })

  const urlOf = (host: string, server: Server): string =>
    `http://${host}.acme.localhost:${(server.address() as AddressInfo).port}`

  it.each(['ada', null])(
    'keeps to the session of this host, whatever a sibling plants (%s)',
    async (subject) => {
      const context = await browser.newContext()
      if (subject !== null) await context.addCookies([...(await testSession(auth, { acme: { subject } })).cookies])
      const page = await context.newPage()
      await page.goto(urlOf('evil', sibling))
      await page.goto(urlOf('app', app))
      expect(await page.textContent('body')).toBe(subject ?? 'nobody')
      await context.close()
      // Some of it did arrive: the browser alone does not keep it away.
      expect(seen.at(-1)).toContain(planted)
      expect(seen.at(-1)).toContain(`"${name}"=`)
    },
    60_000,
  )

  it('would be taken in by the same cookie under our very name', async () => {
    const context = await browser.newContext()
    await context.addCookies([...(await testSession(auth, { acme: { subject: 'eve' } })).cookies])
    const page = await context.newPage()
    await page.goto(urlOf('app', app))
    expect(await page.textContent('body')).toBe('eve')
    await context.close()
  }, 60_000)
})
