import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import type { Browser } from 'playwright-core'
import { expect, it } from 'vitest'
import type { Framework } from '../src/framework.ts'
import { api, openWatchedPage } from './browsing.ts'
import type { DemoProcess } from './demo-process.ts'
import { shareDemo } from './share-demo.ts'

describeWithBrowser('the card for any OpenID provider', () => {
  let demo: DemoProcess
  let browser: Browser

  shareDemo((shared) => {
    demo = shared
  })
  shareBrowser((shared) => {
    browser = shared
  })

  it('is on a provider that the runner has started, which says nothing of itself', () => {
    expect(demo.output()).toMatch(/OpenID +oidc-provider +http:\/\/localhost:\d+/)
    expect(demo.output()).not.toMatch(/WARNING|NOTICE/)
  })

  it('can be used by the keyboard alone, at the provider as well, without a sideways scroll at 390 px', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 900 }, colorScheme: 'dark' })
    const { page, complaints } = await openWatchedPage(context)
    const press = async (text: string) => {
      const focused = page.locator(':focus')
      for (let presses = 0; presses < 40; presses++) {
        await page.keyboard.press('Tab')
        if ((await focused.textContent())?.includes(text)) break
      }
      expect(await focused.evaluate((element) => getComputedStyle(element).outlineStyle)).not.toBe('none')
      const isCut = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
      expect([text, await page.evaluate(isCut)]).toEqual([text, false])
      await page.keyboard.press('Enter')
    }
    await page.goto(demo.url)
    await press('Sign in with OpenID')
    await page.waitForURL(/\/login$/)
    await press('Sign in as Grace Hopper')
    await page.waitForURL(`${demo.url}/`)
    await press('Sign out')
    await page.waitForURL(/\/session\/end/)
    await press('Sign out')
    await page.waitForURL(`${demo.url}/`)
    expect(complaints).toEqual([])
    await context.close()
  })

  it.each<Framework>(['Next', 'Fastify', 'Nest'])('signs in by it and out again on %s', async (framework) => {
    const url = demo.urls[framework]
    const context = await browser.newContext()
    const { page, complaints } = await openWatchedPage(context)
    await page.goto(url)
    expect((await page.textContent('.card.oidc pre'))?.split('\n')).toHaveLength(5)
    await page.click('text="Sign in with OpenID"')
    await page.click('text="Sign in as Ada Lovelace"')
    await page.waitForURL(`${url}/`)
    expect(await page.textContent('main')).toContain('You at the OpenID provider')
    // Wink is linked to users of Wristband alone.
    expect(await page.textContent('main')).toContain('Sign in with Wink')
    expect(await api(page, `${url}/api/me`)).toMatchObject({
      status: 200,
      body: {
        user: { provider: 'oidc', subject: 'ada', authTimeSource: 'auth_time', profile: { name: 'Ada Lovelace' } },
      },
    })
    if (framework === 'Next') {
      const timeline = (await page.textContent('.timeline')) ?? ''
      expect(timeline).toContain('The app asks the provider for the user’s profile.')
      expect(timeline).toContain('The sign-in is complete')
    }
    await page.click('button:text-is("Sign out")')
    await page.click('text="Sign out"')
    await page.waitForURL(`${url}/`)
    expect((await api(page, `${url}/api/me`)).status).toBe(401)
    // The provider has ended its side as well: it asks again.
    await page.click('text="Sign in with OpenID"')
    await page.waitForSelector('text="Sign in as Ada Lovelace"')
    expect(complaints).toEqual([])
    await context.close()
  })
})
