import { request } from 'node:http'
import { text } from 'node:stream/consumers'

/** A request that tries to get by. */
export interface Bypass {
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
}

/** Ways to say a path, by which others were got by: `admin` stands for what is protected. */
const paths = [
  '/admin',
  '//admin',
  '/admin/',
  '/ADMIN',
  '/admin;x=1',
  '/;/admin',
  '/x/../admin',
  '/%61dmin',
  '/%2561dmin',
  '/admin%00',
  '/admin.',
  '/admin.rsc',
  '/admin?_rsc=abc',
  '/admin?_rsc',
  '/admin?__nextLocale=en&nxtPpath=admin',
  '/_next/data/BUILD/admin.json',
  '/en/admin',
  '/admin/index',
  '/\\admin',
  '/admin/.',
  '/admin..;/',
  '/%2f/admin',
  '/admin%252f',
  '/admin.segments/admin/__PAGE__.segment.rsc',
  '/admin.segments/_tree.segment.rsc',
]

const headers: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
  { 'x-middleware-subrequest': 'src/middleware:src/middleware:src/middleware:src/middleware:src/middleware' },
  { 'x-middleware-rewrite': '/admin', 'x-middleware-next': '1' },
  { 'x-middleware-override-headers': 'cookie', 'x-middleware-request-cookie': '__Host-latchkey=forged' },
  { 'x-middleware-set-cookie': '__Host-latchkey=forged' },
  { 'x-middleware-prefetch': '1', purpose: 'prefetch' },
  { 'x-original-url': '/admin', 'x-rewrite-url': '/admin' },
  { 'x-invoke-path': '/admin', 'x-invoke-status': '200' },
  { 'x-matched-path': '/admin' },
  { 'x-nextjs-data': '1' },
  { rsc: '1', 'next-router-state-tree': '%5B%22%22%5D' },
  { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' },
  { 'next-action': '0'.repeat(42), 'content-type': 'text/plain' },
  { 'x-forwarded-host': 'localhost', 'x-forwarded-proto': 'https', 'x-forwarded-prefix': '/admin' },
  { 'x-user-id': '1', authorization: 'Bearer forged' },
  { host: 'evil.example' },
]

const methods = ['GET', 'HEAD', 'POST', 'OPTIONS', 'PROPFIND']

/** Each path with each header, and each header with each method, to each protected page and handler. */
export const bypasses: readonly Bypass[] = ['account', 'api/secret'].flatMap((target) => {
  const named = (text: string): string => text.replaceAll('admin', target).replaceAll('ADMIN', target.toUpperCase())
  return headers.flatMap((given) => {
    const sent = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, named(value)]))
    return [
      ...paths.map((path) => ({ path: named(path), method: 'GET', headers: sent })),
      ...methods.map((method) => ({ path: `/${target}`, method, headers: sent })),
    ]
  })
})

/**
 * Sends a request as it is said: a browser would tidy its path.
 *
 * @returns The body of the answer; empty where the connection is ended.
 */
export function sendAsSaid(port: number, { path, method, headers: sent }: Bypass): Promise<string> {
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', port, path, method, headers: { host: `localhost:${port}`, ...sent } })
      .on('response', (answer) => void text(answer).then(resolve, () => resolve('')))
      .on('error', () => resolve(''))
      .end()
  })
}
