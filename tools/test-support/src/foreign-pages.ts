import type { IncomingMessage, Server } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort, type LoopbackServer, listen } from './loopback-server.ts'
import { describeWithBrowser } from './services/describe-with-service.ts'
import { launchBrowser } from './services/launch-browser.ts'

/**
 * An app that is open to every page as far as CORS goes. It has `/page`; `/sign-in`, which begins a session of Ada's; and
 * behind guards `/api/me`, the event stream `/events` and the WebSocket `/live`, which all say `ada`.
 */
export interface GuardedApp {
  readonly server: Server
  close(): Promise<unknown>
}

const siblings = ['acme.localhost', 'acme.app.localhost'] as const

/** Shows in a browser that pages of other origins get nothing of a session, and the app's own page does. */
export function describeForeignPages(
  title: string,
  start: (setup: { readonly port: number; readonly origins: readonly string[] }) => Promise<GuardedApp>,
): void {
  describeWithBrowser(title, () => {
    let browser: Browser
    let app: GuardedApp
    let foreign: LoopbackServer
    let port: number
    /** What arrived with the cookie of the session. */
    const withCookie = new Set<string>()
    beforeAll(async () => {
      port = await freePort()
      browser = await launchBrowser()
      foreign = await listen((_incoming, outgoing) => {
        outgoing.setHeader('content-type', 'text/html').end('<!doctype html><title>Foreign</title>')
      })
      app = await start({ port, origins: ['localhost', ...siblings].map((host) => `http://${host}:${port}`) })
      const note = ({ url = '', headers }: IncomingMessage): void => {
        if (headers.cookie?.includes('__Host-latchkey=') === true) withCookie.add(url)
      }
      app.server.on('request', note).on('upgrade', note)
    })
    afterAll(async () => {
      await browser.close()
      await app.close()
      await foreign.close()
    })

    async function attemptFrom(foreignOrigin: string | null, host: string): Promise<Attempt> {
      const context = await browser.newContext()
      try {
        const page = await context.newPage()
        const origin = `http://${host}:${port}`
        await page.goto(`${origin}/sign-in`)
        await page.goto(foreignOrigin === null ? `${origin}/page` : foreignOrigin)
        withCookie.clear()
        return await attempt(page, origin)
      } finally {
        await context.close()
      }
    }

    it.each(['localhost', ...siblings])('the page of %s itself reads, listens and opens a socket', async (host) => {
      expect(await attemptFrom(null, host)).toEqual({ fetched: '200 ada', events: 'ada', socket: 'ada' })
    })

    it.each([
      { page: 'another port of localhost', host: 'localhost', foreignHost: 'localhost', isSameSite: true },
      { page: 'a sibling host', host: 'acme.localhost', foreignHost: 'evil.localhost', isSameSite: false },
      {
        page: 'a sibling host of the same site',
        host: 'acme.app.localhost',
        foreignHost: 'evil.app.localhost',
        isSameSite: true,
      },
    ])('a page of $page gets nothing', async ({ host, foreignHost, isSameSite }) => {
      const got = await attemptFrom(`http://${foreignHost}:${foreign.port}/`, host)
      expect(got).toMatchObject({ events: 'refused', socket: 'refused' })
      expect(got.fetched).toMatch(/^403 .*"code":"core\/cross_origin"/)
      expect(JSON.stringify(got)).not.toContain('ada')
      // Only the guards stood in between.
      expect([...withCookie].toSorted()).toEqual(isSameSite ? ['/api/me', '/events', '/live'] : [])
    })
  })
}

interface Attempt {
  readonly fetched: string
  readonly events: string
  readonly socket: string
}

/** Asks an app for what it has, with the cookies of the browser. */
function attempt(page: Page, origin: string): Promise<Attempt> {
  return page.evaluate(async (app) => {
    const fetched = fetch(`${app}/api/me`, { credentials: 'include' }).then(
      async (response) => `${response.status} ${await response.text()}`,
      String,
    )
    const events = new Promise<string>((resolve) => {
      const source = new EventSource(`${app}/events`, { withCredentials: true })
      const end = (text: string): void => {
        source.close()
        resolve(text)
      }
      source.onmessage = ({ data }) => end(String(data))
      source.onerror = () => end('refused')
    })
    const socket = new Promise<string>((resolve) => {
      const opened = new WebSocket(`${app.replace('http', 'ws')}/live`)
      opened.onmessage = ({ data }) => resolve(String(data))
      opened.onclose = () => resolve('refused')
    })
    return { fetched: await fetched, events: await events, socket: await socket }
  }, origin)
}
