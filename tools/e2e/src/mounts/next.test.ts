import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { describeWithBrowser, type LoopbackServer, listen } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testShapes } from '../../test/front-end-sdk/test-shapes.ts'
import { testMount } from '../../test/grid/test-mount.ts'
import { type App, startApp } from '../../test/react/app.ts'
import { describeSessions } from '../../test/react/describe-sessions.ts'
import { nextHost } from '../../test/react/next-host.ts'
import type { Browser } from '../../test/react/tab.ts'
import { nextMount } from './mounts.ts'

// All that is tested of it, in one file: each file of tests builds Next anew.
testMount(nextMount)
testShapes(nextMount)

describeSessions('a page of Next 16, whose first state the server has rendered', {
  react: '19',
  isRendered: true,
  open: async () => ({ host: nextHost, close() {} }),
})

describeWithBrowser('behind a cache that all users share', () => {
  let browser: Browser
  shareBrowser((shared) => {
    browser = shared
  })

  it('nobody sees the first state of somebody else', async () => {
    let origin = ''
    const cache = await startSharedCache(() => origin)
    const front = `http://localhost:${cache.port}`
    const app = await startApp(nextHost, { baseUrl: front })
    origin = app.origin
    try {
      const shown = async (user: string) => {
        const context = await browser.newContext({ javaScriptEnabled: false })
        const page = await context.newPage()
        app.vendor.user = user
        await page.goto(`${front}/`)
        await page.goto(`${front}/session`)
        const before = await page.locator('output').textContent()
        await page.getByText('Sign in', { exact: true }).click()
        await page.locator('output', { hasText: `signed-in ${user}` }).waitFor()
        await page.goto(`${front}/session`)
        const after = await page.locator('output').textContent()
        await context.close()
        return [before, after]
      }
      expect(await shown('Ada')).toEqual(['signed-out nobody', 'signed-in Ada'])
      expect(await shown('Bob')).toEqual(['signed-out nobody', 'signed-in Bob'])
      expect([cache.kept.has('/'), cache.kept.has('/session')]).toEqual([true, false])
    } finally {
      await app.close()
      await cache.close()
    }
  })
})

describeWithBrowser('without JavaScript', () => {
  let browser: Browser
  let app: App
  beforeAll(async () => {
    app = await startApp(nextHost)
  })
  afterAll(() => app?.close())
  shareBrowser((shared) => {
    browser = shared
  })

  it('the page shows the first state, and its link and its form sign in and out', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    const state = page.locator('output')
    const answer = await page.goto(`${app.origin}/session`)
    expect([await state.textContent(), answer?.headers()['cache-control']]).toEqual([
      'signed-out nobody',
      expect.stringMatching(/private.*no-store/),
    ])
    const signedIn = page.waitForResponse((response) => response.url() === `${app.origin}/session`)
    await page.getByText('Sign in', { exact: true }).click()
    expect((await signedIn).headers()['cache-control']).toMatch(/private.*no-store/)
    await state.filter({ hasText: 'signed-in Ada' }).waitFor()
    await page.getByText('Sign out', { exact: true }).click()
    await state.filter({ hasText: 'signed-out nobody' }).waitFor()
    await context.close()
  })
})

/** A cache in front of an app, such as a CDN: it keeps what it may, and gives it to everyone. */
async function startSharedCache(
  behind: () => string,
): Promise<LoopbackServer & { readonly kept: Pick<ReadonlyMap<string, unknown>, 'has'> }> {
  const kept = new Map<string, { readonly headers: IncomingHttpHeaders; readonly body: Buffer }>()
  const server = await listen(async (incoming, outgoing) => {
    const { method, url = '/', headers } = incoming
    const stored = method === 'GET' ? kept.get(url) : undefined
    if (stored !== undefined) return outgoing.writeHead(200, stored.headers).end(stored.body)
    const sent = request(behind() + url, { method, headers })
    incoming.pipe(sent)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    const body = await buffer(answer)
    const { statusCode = 500 } = answer
    const mayKeep = !/no-store|private/.test(answer.headers['cache-control'] ?? 'private')
    if (method === 'GET' && statusCode === 200 && mayKeep) kept.set(url, { headers: answer.headers, body })
    return outgoing.writeHead(statusCode, answer.headers).end(body)
  })
  return Object.assign(server, { kept })
}
