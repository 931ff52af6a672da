import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AuthOptions, createAuth } from '@latchkey/core'
import { sendWebResponse, toWebRequest } from '@latchkey/core/adapter/node'
import { describeWithBrowser, freePort, listen } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import { createServer } from 'vite'
import { expect, it } from 'vitest'
import { acme } from './acme.ts'
import type { Browser } from './tab.ts'
import { startVendor } from './vendor.ts'

describeWithBrowser('a page that Vite serves while it is developed, with a proxy to the API', () => {
  let browser: Browser
  shareBrowser((shared) => {
    browser = shared
  })

  it('signs in and out on one origin, with nothing said of origins but `baseUrl`', async () => {
    const vendor = await startVendor()
    const port = await freePort()
    const origin = `http://localhost:${port}`
    const auth = createAuth({
      baseUrl: origin,
      secret: 'an-example-secret-of-32-bytes-or-more',
      providers: [acme(() => vendor.origin)] as unknown as AuthOptions['providers'],
    })
    const api = await listen(async (incoming, outgoing) => {
      const { request, body } = await toWebRequest(incoming, incoming)
      await sendWebResponse(outgoing, await auth.handle(request, { body }))
    })
    const root = mkdtempSync(join(tmpdir(), 'latchkey-proxied-'))
    writeFileSync(join(root, 'index.html'), '<!doctype html><title>Page</title>')
    const vite = await createServer({
      root,
      configFile: false,
      logLevel: 'error',
      server: { port, strictPort: true, proxy: { '/auth': api.origin } },
    })
    const context = await browser.newContext()
    try {
      await vite.listen()
      const page = await context.newPage()
      const subject = () =>
        page.evaluate(async () => {
          const { user } = (await (await fetch('/auth/session')).json()) as { user?: { subject: string } }
          return user?.subject
        })
      await page.goto(origin)
      expect(await subject()).toBeUndefined()
      await page.goto(`${origin}/auth/acme/login?return_url=/account`)
      expect([page.url(), await subject()]).toEqual([`${origin}/account`, 'ada'])
      const { status } = await page.evaluate(async () => {
        const answer = await fetch('/auth/logout', { method: 'POST' })
        return { status: answer.status }
      })
      expect([status, await subject()]).toEqual([200, undefined])
    } finally {
      await context.close()
      await vite.close()
      await Promise.all([api.close(), vendor.close()])
      rmSync(root, { recursive: true })
    }
  })
})
