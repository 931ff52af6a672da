import { startEmulator } from '@latchkey/emulator'
import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Framework } from '../src/framework.ts'
import { api, expectStrictPolicy, signInAtAcme } from './browsing.ts'
import { type DemoProcess, startDemoProcess } from './demo-process.ts'
import { shareDemo } from './share-demo.ts'
import { openWinkVisitor, type WinkVisitor } from './wink-page.ts'

const frameworks: readonly Framework[] = ['Next', 'Fastify', 'Nest']

describeWithBrowser("Wink's own SDK in the demo", () => {
  describe.each([
    ['where Wink is on the same site', false],
    ['where third-party cookies are blocked, for Wink is on another site', true],
  ])('%s', (_name, isOtherSite) => {
    let browser: Browser
    let demo: DemoProcess
    const receive = (started: DemoProcess): void => {
      demo = started
    }
    if (isOtherSite) startDemoWithWinkOnAnotherSite(receive)
    else shareDemo(receive)
    shareBrowser((shared) => {
      browser = shared
    })

    it('would find a token that a script had left anywhere', async () => {
      const visitor = await openWinkVisitor(browser, demo.urls.Fastify, isOtherSite ? '127.0.0.1' : 'localhost')
      const { page } = visitor
      await page.click('text="Sign in with Wink’s SDK"')
      await visitor.press('ada')
      await page.waitForSelector('text="You at Wink"')
      const [token = ''] = visitor.tokens
      await page.evaluate((planted) => {
        localStorage.setItem('left', planted)
        sessionStorage.setItem('left', planted)
        document.cookie = `left=${planted.split('.')[1]}; path=/`
        Object.assign(window, { app: { state: new Map([['token', planted]]) } })
        Object.assign(document.body, { fiber: { memory: planted } })
      }, token)
      expect(await visitor.tokensFound()).toEqual(
        expect.arrayContaining([
          'localStorage',
          'sessionStorage',
          'document.cookie',
          'cookie left',
          expect.stringMatching(/^window\.app\.state/),
          expect.stringMatching(/fiber\.memory$/),
        ]),
      )
      await visitor.context.close()
    })

    it.each(['//evil.example/', '/.//evil.example/', 'https://evil.example/', 'javascript:alert(1)'])(
      'ends a sign-in at its own origin, though a link says %s',
      async (target) => {
        const { Fastify: url } = demo.urls
        const page = `${url}/sign-in?${new URLSearchParams({ code: 'auth/step_up_required', return_url: target })}`
        const visitor = await openWinkVisitor(browser, page, isOtherSite ? '127.0.0.1' : 'localhost')
        await visitor.page.click('text="Step up in an overlay"')
        const left = visitor.page.waitForEvent('framenavigated', (frame) => frame === visitor.page.mainFrame())
        await visitor.press('ada', await visitor.overlay())
        await left
        expect(new URL(visitor.page.url()).origin).toBe(url)
        expect(visitor.complaints()).toEqual([])
        await visitor.context.close()
      },
    )

    describe.each(frameworks)('on %s', (framework) => {
      let url: string
      let visitor: WinkVisitor
      beforeEach(async () => {
        url = demo.urls[framework]
        visitor = await openWinkVisitor(browser, url, isOtherSite ? '127.0.0.1' : 'localhost')
      })
      afterEach(async () => {
        expect(visitor.complaints()).toEqual([])
        await visitor.context.close()
      })

      const expectSignedIn = async (): Promise<void> => {
        await visitor.page.waitForSelector('text="You at Wink"')
        expect(await api(visitor.page, `${url}/api/payroll`)).toMatchObject({ status: 200 })
        // The browser has redeemed a code, and what it got is in no place that the next script finds.
        expect(visitor.tokens.size).toBe(3)
        expect(await visitor.tokensFound()).toEqual([])
        expect((await visitor.context.cookies()).map(({ name }) => name)).not.toContain('wink_id_token')
      }

      it('signs in by redirect, and out again', async () => {
        const { page } = visitor
        await page.click('text="Sign in with Wink’s SDK"')
        await visitor.press('ada')
        await page.waitForURL(`${url}/`)
        await expectSignedIn()

        await page.click('button:text-is("Sign out")')
        await page.waitForSelector('text="Sign in with Wink’s SDK"')
        expect((await api(page, `${url}/api/me`)).status).toBe(401)
        // Wink's side has ended, too: it does not know the user any more.
        await page.click('text="Sign in with Wink"')
        await page.waitForSelector('button[value=ada]')
      })

      it('signs in by the overlay, and out again with the SDK', async () => {
        const { page } = visitor
        await page.click('text="Sign in in an overlay"')
        await visitor.press('bob', await visitor.overlay())
        await expectSignedIn()
        expect(page.url()).toBe(`${url}/`)

        await page.click('text="Sign out with the SDK"')
        await page.waitForSelector('text="Sign in with Wink’s SDK"')
        expect((await api(page, `${url}/api/me`)).status).toBe(401)
      })

      it.each(['Step up with Wink’s SDK', 'Step up in an overlay'])('steps up for the payroll: %s', async (button) => {
        const { page } = visitor
        // Each has a user of its own: the demo remembers whose face belongs to whom.
        const user = button.includes('overlay') ? 'bob' : 'ada'
        await signInAtAcme(page, url, user)
        await page.click('text="Open payroll"')
        await page.click(`text="${button}"`)
        await visitor.press(user, button.includes('overlay') ? await visitor.overlay() : page)
        await page.waitForURL(`${url}/payroll`)
        expect(await page.textContent('main')).toContain('within the last five minutes')
        expect(await visitor.tokensFound()).toEqual([])
      })

      it('tells that the user gave up in the overlay', async () => {
        const { page } = visitor
        await page.click('text="Sign in in an overlay"')
        await visitor.overlay()
        await page.keyboard.press('Escape')
        await page.waitForSelector('text="You cancelled the sign-in."')
        expect((await api(page, `${url}/api/me`)).status).toBe(401)
      })

      it('asks Wink silently, says honestly what the page holds then, and moves no proof', async () => {
        const { page } = visitor
        await page.click('text="Sign in with Wink’s SDK"')
        await visitor.press('ada')
        await page.waitForSelector('text="You at Wink"')
        const placesOf = () => page.locator('section:has-text("Where Wink’s tokens are") dd').allTextContents()
        await expect.poll(placesOf).toEqual(['none', 'none', 'none', 'none'])
        const before = await api(page, `${url}/auth/session`)

        await page.click('text="Ask Wink silently"')
        if (isOtherSite) {
          await page.waitForSelector('text="Nothing was prolonged: Wink does not know you here."')
          expect(await placesOf()).toEqual(['none', 'none', 'none', 'none'])
        } else {
          await page.waitForSelector('text="Wink still knows you. The SDK in this page has tokens now."')
          expect(await placesOf()).toEqual(['access token, ID token, refresh token', 'none', 'none', 'none'])
        }
        const after = await api(page, `${url}/auth/session`)
        const provenAt = ({ body }: typeof after) =>
          (body as { identities: { wink: { authenticatedAt: number } } }).identities.wink.authenticatedAt
        expect(provenAt(after)).toBe(provenAt(before))
        // The SDK's memory is not to be reached by a script that has not got the client.
        expect(await visitor.tokensFound()).toEqual([])
      })

      it('has a strict policy, and a callback page that its own origin alone may frame', async () => {
        const { page } = visitor
        for (const path of ['/', '/sign-in?code=auth/step_up_required']) {
          if (isOtherSite)
            expect((await page.goto(url + path))?.headers()['content-security-policy']).toContain("'none'")
          else await expectStrictPolicy(page, url + path)
        }
        const callback = await page.goto(`${url}/wink/callback`)
        const policy = callback?.headers()['content-security-policy'] ?? ''
        expect(policy).toContain("frame-ancestors 'self'")
        expect(policy).toContain("default-src 'none'")
        expect(policy).not.toMatch(/unsafe|\*|frame-src/)
        await page.waitForSelector('text="You cancelled the sign-in."')
      })
    })
  })
})

/** Gives a suite a demo of its own before its tests, and ends it after them. */
function startDemoWithWinkOnAnotherSite(receive: (demo: DemoProcess) => void): void {
  let demo: DemoProcess | undefined
  let other: Awaited<ReturnType<typeof startWinkOnAnotherSite>> | undefined
  beforeAll(async () => {
    other = await startWinkOnAnotherSite()
    const { wink } = other
    demo = await startDemoProcess({
      WINK_CLIENT_ID: wink.clientId,
      WINK_CLIENT_SECRET: wink.clientSecret,
      WINK_API_URL: wink.apiUrl,
      WINK_AUTH_URL: wink.authUrl,
    })
    for (const url of Object.values(demo.urls)) wink.registerWebOrigin(url)
    receive(demo)
  })
  afterAll(async () => {
    await demo?.stop()
    await other?.close()
  })
}

/** The demo is on `localhost`: to it a browser sends no cookie from a frame that is on `127.0.0.1`, and the other way round. */
function startWinkOnAnotherSite() {
  return startEmulator({ wristband: false, wise: false, host: '127.0.0.1' })
}
