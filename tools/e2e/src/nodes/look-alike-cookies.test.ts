import { type Auth, createAuth } from '@latchkey/core'
import { toRequestLike } from '@latchkey/core/adapter/node'
import { createTestSession } from '@latchkey/testkit'
import { describeWithBrowser, type LoopbackServer, listen } from '@latchkey/tool-test-support'
import { exampleProvider } from '@latchkey/tool-test-support/example-provider'
import { type Browser, shareBrowser } from '@latchkey/tool-test-support/share-browser'
import { afterAll, beforeAll, expect, it } from 'vitest'

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
  let app: LoopbackServer
  let sibling: LoopbackServer
  let browser: Browser

  beforeAll(async () => {
    app = await listen(async (request, response) => {
      seen.push(request.headers.cookie ?? '')
      const { session } = await auth.getSession(toRequestLike(request))
      response.end(session?.identities.acme?.subject ?? 'nobody')
    })
    sibling = await listen((_request, response) => {
      response.setHeader(
        'set-cookie',
        lookAlikes.map((line) => line(planted)),
      )
      response.end('planted')
    })
    auth = createAuth({
      baseUrl: urlOf('app', app),
      secret: 'an-example-secret-of-at-least-32-bytes',
      providers: [exampleProvider()],
    })
    planted = (await createTestSession(auth, { acme: { subject: 'eve' } })).cookie.slice(`${name}=`.length)
  })
  afterAll(async () => {
    await Promise.all([app?.close(), sibling?.close()])
  })
  shareBrowser((shared) => {
    browser = shared
  })

  const urlOf = (host: string, { port }: LoopbackServer): string => `http://${host}.acme.localhost:${port}`

  it.each(['ada', null])(
    'keeps to the session of this host, whatever a sibling plants (%s)',
    async (subject) => {
      const context = await browser.newContext()
      if (subject !== null)
        await context.addCookies([...(await createTestSession(auth, { acme: { subject } })).cookies])
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
    await context.addCookies([...(await createTestSession(auth, { acme: { subject: 'eve' } })).cookies])
    const page = await context.newPage()
    await page.goto(urlOf('app', app))
    expect(await page.textContent('body')).toBe('eve')
    await context.close()
  })
})
