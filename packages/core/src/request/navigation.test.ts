import { describe, expect, it } from 'vitest'
import { checkNavigation, type Navigation, navigationOf, opensDocument, opensPage } from './navigation.ts'

type Sent = Readonly<Record<string, string>>

const request = (headers: Sent, method = 'GET') => ({
  method,
  url: '/',
  headers: { get: (name: string) => headers[name] ?? null },
})
const sent = (mode: string, dest: string): Sent => ({ 'sec-fetch-mode': mode, 'sec-fetch-dest': dest })

const rows: readonly [what: string, headers: Sent, navigation: Navigation | null][] = [
  ['a page that is typed, linked, redirected to or reloaded', sent('navigate', 'document'), 'document'],
  ['a page below a service worker that passes it on', sent('navigate', 'empty'), 'service-worker'],
  ['a request of a browser that says nothing', {}, 'unknown'],
  ...['iframe', 'frame', 'object', 'embed', 'fencedframe'].map((dest): [string, Sent, null] => [
    `an ${dest}`,
    sent('navigate', dest),
    null,
  ]),
  ['a fetch', sent('cors', 'empty'), null],
  ['a beacon', sent('no-cors', 'empty'), null],
  ['a fetch of the same origin', sent('same-origin', 'empty'), null],
  ['a WebSocket', sent('websocket', 'empty'), null],
  ['an image', sent('no-cors', 'image'), null],
  ['a script', { 'sec-fetch-dest': 'script' }, null],
  ['a prefetch', { ...sent('navigate', 'document'), 'sec-purpose': 'prefetch' }, null],
  ['a prerender', { ...sent('navigate', 'document'), 'sec-purpose': 'prefetch;prerender' }, null],
  ['a prefetch of an older browser', { purpose: 'prefetch' }, null],
  ['a prefetch of an older Firefox', { 'x-moz': 'prefetch' }, null],
  ['a prefetch of an older Safari', { 'x-purpose': 'prefetch' }, null],
  ['a preview of Safari and of in-app browsers', { 'x-purpose': 'preview' }, null],
  ['a page whose purpose is said to be another', { 'x-purpose': 'reading', 'x-moz': '' }, 'unknown'],
  ['a WebSocket of Chromium', { upgrade: 'websocket', connection: 'Upgrade' }, null],
  ['a page of a program that offers HTTP/2', { upgrade: 'h2c', connection: 'Upgrade, HTTP2-Settings' }, 'unknown'],
]

describe('what counts as a navigation', () => {
  it.each(rows)('%s', (_what, headers, navigation) => {
    expect(navigationOf(request(headers))).toBe(navigation)
    const check = (): void => checkNavigation(request(headers))
    if (navigation !== null) check()
    else expect(check).toThrow(expect.objectContaining({ code: 'core/not_a_navigation' }))
    expect(navigationOf(request(headers, 'HEAD'))).toBeNull()
    const asksForHtml = request({ ...headers, accept: 'text/html' })
    expect(opensDocument(asksForHtml)).toBe(navigation === 'document' || navigation === 'unknown')
  })

  it('is no socket of HTTP/2', () => {
    expect(navigationOf(request({}, 'CONNECT'))).toBeNull()
  })

  it('shows a page to a browser that says nothing only if it asks for HTML', () => {
    expect(opensPage(request({ accept: 'text/html,*/*' }))).toBe(true)
    expect(opensPage(request({ accept: '*/*' }))).toBe(false)
    expect(opensDocument(request({ accept: 'image/png,*/*' }))).toBe(false)
    expect(opensPage(request({ ...sent('cors', 'empty'), accept: 'text/html' }))).toBe(false)
  })
})
