import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { type AuthError, isAuthError } from '../errors/auth-error.ts'
import { createVendorHttp } from './vendor-http.ts'

const mebibyte = 1_048_576
const request = {
  method: 'POST',
  headers: { authorization: 'Basic example-canary-header', 'x-api-key': 'example-canary-key' },
  body: 'code=example-canary-code&client_secret=example-canary-secret',
} as const
const query = '?code=example-canary-query'
const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

describe('a vendor that redirects', () => {
  it.each([301, 302, 303, 307, 308])('is not followed by %i', async (status) => {
    const elsewhere = await serve((_request, response) => response.end('{}'))
    const vendor = await serve((_request, response) =>
      response.writeHead(status, { location: `${elsewhere.origin}/token${query}` }).end('example-vendor-text'),
    )
    const error = await refused(createVendorHttp().json(`${vendor.origin}/token${query}`, request))
    expect(error).toMatchObject({ code: 'core/unexpected_redirect', status: 502 })
    expect(error.cause).toEqual({ endpoint: `${vendor.origin}/token`, status })
    await refused(createVendorHttp().fetch(`${vendor.origin}/jwks`, { redirect: 'follow' }))
    expect([vendor.requests, elsewhere.requests]).toEqual([2, 0])
  })

  it('would be followed, with all secrets, by a plain fetch', async () => {
    const elsewhere = await serve((_request, response) => response.end('{}'))
    const vendor = await serve((_request, response) =>
      response.writeHead(307, { location: elsewhere.origin }).end('{}'),
    )
    await (await fetch(vendor.origin, request)).text()
    expect(elsewhere.bodies).toEqual([request.body])
  })
})

describe('a vendor that sends too much', () => {
  const chunk = Buffer.alloc(65_536, 0x20)
  const hundredMebibytes = (): Readable => Readable.from(Array.from({ length: 1600 }, () => chunk))
  const member = gzipSync(Buffer.alloc(mebibyte))
  const cases: [string, RequestListener][] = [
    ['100 MB without a length', (_request, response) => hundredMebibytes().pipe(response.writeHead(200, json()))],
    [
      '100 MB with a length',
      (_request, response) =>
        hundredMebibytes().pipe(response.writeHead(200, json({ 'content-length': `${100 * mebibyte}` }))),
    ],
    [
      'a gzip bomb of 100 MB',
      (_request, response) =>
        response
          .writeHead(200, json({ 'content-encoding': 'gzip', connection: 'close' }))
          .end(Buffer.concat(Array.from({ length: 100 }, () => member))),
    ],
    ['100 MB with an error status', (_request, response) => hundredMebibytes().pipe(response.writeHead(500, json()))],
  ]

  it.each(cases)('is cut off: %s', async (_name, listener) => {
    const vendor = await serve(listener)
    const http = createVendorHttp()
    await refused(http.json(vendor.origin))
    const before = process.memoryUsage().rss
    for (let round = 0; round < 3; round += 1) {
      const error = await refused(http.json(`${vendor.origin}/token${query}`, request))
      expect(error).toMatchObject({ code: 'core/vendor_response_too_large', status: 502 })
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(30 * mebibyte)
    await vendor.allClosed()
    for (const socket of vendor.sockets) expect(socket.bytesWritten).toBeLessThan(20 * mebibyte)
  })

  it('is heard up to the last byte of the limit', async () => {
    const vendor = await serve((_request, response) => response.writeHead(200, json()).end(`"${'x'.repeat(98)}"`))
    const { body } = await createVendorHttp({ maximumBytes: 100 }).json(vendor.origin)
    expect(body).toHaveLength(98)
    const error = await refused(createVendorHttp({ maximumBytes: 99 }).json(vendor.origin))
    expect(error.code).toBe('core/vendor_response_too_large')
  })

  it.each([
    ['1000 encodings', { 'content-encoding': Array.from({ length: 1000 }, () => 'gzip').join(', ') }],
    ['64 kB of headers', { 'x-padding': 'example-vendor-text'.repeat(3500) }],
    ['1000 cookies', { 'set-cookie': Array.from({ length: 1000 }, (_, index) => `c${index}=example-vendor-text`) }],
  ])('is refused: %s', async (_name, headers) => {
    const vendor = await serve((_request, response) => response.writeHead(200, json(headers)).end(member))
    const error = await refused(createVendorHttp().json(vendor.origin, request))
    expect(error.code).toMatch(/^core\/vendor_(?:unreachable|response_invalid)$/)
  })
})

describe('a vendor that is slow', () => {
  const cases: [string, RequestListener][] = [
    ['never answers', () => {}],
    ['never ends its headers', (_request, response) => response.socket?.write('HTTP/1.1 200 OK\r\ncontent-type: ')],
    ['never ends its body', (_request, response) => response.writeHead(200, json()).write('{"a":')],
    [
      'drips',
      (_request, response) => {
        response.writeHead(200, json())
        const timer = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(timer))
      },
    ],
  ]

  it.each(cases)('is given up when it %s', async (_name, listener) => {
    const vendor = await serve(listener)
    const http = createVendorHttp({ deadlineSeconds: 0.3 })
    const error = await refused(http.json(`${vendor.origin}/token${query}`, request))
    expect(error).toMatchObject({ code: 'core/vendor_timeout', status: 504 })
    expect(error.cause).toEqual({ endpoint: `${vendor.origin}/token`, reason: 'timeout' })
    await vendor.allClosed()
    expect(vendor.requests).toBe(1)
  })

  it('is given up also by a fetch that does not listen to its signal', async () => {
    const error = await refused(
      createVendorHttp({ fetch: () => new Promise(() => {}), deadlineSeconds: 0.05 }).json('https://vendor.example'),
    )
    expect(error.code).toBe('core/vendor_timeout')
  })
})

describe('a vendor whose connection breaks', () => {
  const cases: [string, RequestListener, reason?: string][] = [
    ['before the answer', (request) => request.socket.resetAndDestroy(), 'reset'],
    [
      'inside the body',
      (_request, response) => {
        response.writeHead(200, json()).write('{"access_token":"example-vendor-text"')
        setImmediate(() => response.socket?.resetAndDestroy())
      },
      'reset',
    ],
    [
      'before the promised length',
      (_request, response) => {
        response.writeHead(200, json({ 'content-length': '100' })).write('{}')
        setImmediate(() => response.socket?.end())
      },
      'reset',
    ],
    ['without speaking HTTP', (_request, response) => response.socket?.end('example-vendor-text\r\n\r\n')],
  ]

  it.each(cases)('is unreachable: %s', async (_name, listener, reason) => {
    const vendor = await serve(listener)
    const error = await refused(createVendorHttp().json(`${vendor.origin}/token${query}`, { ...request, retry: true }))
    expect(error).toMatchObject({ code: 'core/vendor_unreachable', status: 502 })
    expect(error.cause).toEqual({ endpoint: `${vendor.origin}/token`, ...(reason && { reason }) })
    expect(vendor.requests).toBe(1)
  })

  it('is unreachable when it has no TLS, nothing listens, or it has no address', async () => {
    const vendor = await serve((_request, response) => response.end('{}'))
    const http = createVendorHttp()
    const unreachable = async (origin: string, reason: string): Promise<void> => {
      const error = await refused(http.json(origin, request))
      expect(error).toMatchObject({ code: 'core/vendor_unreachable', cause: { reason } })
    }
    await unreachable(vendor.origin.replace('http:', 'https:'), 'tls')
    servers[0]?.close()
    await unreachable(vendor.origin, 'refused')
    await unreachable('https://no-such-vendor.invalid', 'dns')
  })

  it('says why in one word, by the innermost error that is known', async () => {
    const failing = (error: Error) => createVendorHttp({ fetch: () => Promise.reject(error) })
    const coded = (code: string, cause?: unknown) => Object.assign(new TypeError('fetch failed', { cause }), { code })
    const words: readonly [string, Error][] = [
      ['tls', coded('', coded('CERT_HAS_EXPIRED'))],
      ['tls', coded('', coded('DEPTH_ZERO_SELF_SIGNED_CERT'))],
      ['tls', coded('', coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE'))],
      ['tls', coded('', coded('ERR_TLS_CERT_ALTNAME_INVALID'))],
      ['dns', coded('', coded('EAI_AGAIN'))],
      ['timeout', coded('', coded('UND_ERR_CONNECT_TIMEOUT'))],
      ['reset', coded('', coded('UND_ERR_SOCKET'))],
      ['tls', coded('UND_ERR_SOCKET', coded('CERT_HAS_EXPIRED'))],
      ['refused', coded('', Object.assign(new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')])))],
    ]
    for (const [reason, error] of words) {
      const unreachable = await refused(failing(error).json('https://vendor.example/token', request))
      expect([unreachable.code, unreachable.cause]).toEqual([
        'core/vendor_unreachable',
        { endpoint: 'https://vendor.example/token', reason },
      ])
    }
    const circle = coded('example-canary')
    Object.assign(circle, { cause: circle })
    const unknown = await refused(failing(circle).json('https://vendor.example/token', request))
    expect(unknown.cause).toEqual({ endpoint: 'https://vendor.example/token' })
  })
})

describe('a vendor that does not speak JSON', () => {
  const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
  const page = '<!doctype html><title>example-vendor-text</title>'
  const cases: [string, string | undefined, Buffer][] = [
    ['HTML', 'text/html', bytes(page)],
    ['HTML under a JSON type', 'application/json', bytes(page)],
    ['JSON under an HTML type', 'text/html', bytes('{}')],
    ['JSON without a type', undefined, bytes('{}')],
    ['JSON under a type that only begins so', 'application/jsonp', bytes('{}')],
    ['JSON under two types', 'application/json, text/html', bytes('{}')],
    ['half of it', 'application/json', bytes('{"access_token":"example-vendor-text')],
    ['more than one value', 'application/json', bytes('{}{}')],
    ['a byte order mark', 'application/json', bytes('\xef\xbb\xbf{}')],
    ['invalid UTF-8', 'application/json', bytes('{"a":"\xff"}')],
    ['UTF-16', 'application/json; charset=utf-16', Buffer.from('{}', 'utf16le')],
    ['a member twice', 'application/json', bytes('{"sub":"ada","sub":"example-vendor-text"}')],
    ['a member twice, once with escapes', 'application/json', bytes('{"a":[{"sub":"ada","s\\u0075b":"eve"}]}')],
    ['__proto__', 'application/json', bytes('{"__proto__":{"sub":"eve"}}')],
    ['more than 31 levels', 'application/json', bytes(`${'['.repeat(32)}${']'.repeat(32)}`)],
    ['nothing', 'application/json', bytes('')],
    ['white space', 'application/json', bytes('  ')],
  ]

  it.each(cases)('is refused with 200, and has no body with 500: %s', async (_name, type, body) => {
    const vendor = await serve((request, response) => {
      if (type !== undefined) response.setHeader('content-type', type)
      response.writeHead(request.url === '/error' ? 500 : 200).end(body)
    })
    const http = createVendorHttp()
    const error = await refused(http.json(`${vendor.origin}/token${query}`, request))
    expect(error).toMatchObject({ code: 'core/vendor_response_invalid', status: 502 })
    expect(error.cause).toEqual({ endpoint: `${vendor.origin}/token`, status: 200 })
    expect(await http.json(`${vendor.origin}/error`)).toMatchObject({ status: 500, body: null })
  })

  it('may cut a name in half of a character, and have members that differ in one', async () => {
    const halves = String.raw`{"name":"Ada \ud83d","\ud83d\ude00":1,"\ud83d\ude01":2}`
    const vendor = await serve((_request, response) => response.writeHead(200, json()).end(halves))
    const { body } = await createVendorHttp().json(vendor.origin)
    expect(body).toEqual({ name: 'Ada \ud83d', '\u{1f600}': 1, '\u{1f601}': 2 })
  })

  it('may be 31 levels deep', async () => {
    const deepest = `${'['.repeat(31)}${']'.repeat(31)}`
    const vendor = await serve((_request, response) => response.writeHead(200, json()).end(deepest))
    expect(JSON.stringify((await createVendorHttp().json(vendor.origin)).body)).toBe(deepest)
  })

  it('is understood when it does', async () => {
    const vendor = await serve((request, response) => {
      const type = request.url === '/problem' ? 'application/problem+json' : 'Application/JSON;charset=utf-8'
      response.writeHead(request.url === '/problem' ? 400 : 200, { 'content-type': type }).end('{"name":"Zoë"}')
    })
    const http = createVendorHttp()
    expect(await http.json(vendor.origin)).toMatchObject({ status: 200, body: { name: 'Zoë' } })
    expect(await http.json(`${vendor.origin}/problem`)).toMatchObject({ status: 400, body: { name: 'Zoë' } })
  })
})

function json(headers: Record<string, string | string[]> = {}): Record<string, string | string[]> {
  return { 'content-type': 'application/json', ...headers }
}

/** The error of a refused request, after a search for what it must not show. */
async function refused(response: Promise<unknown>): Promise<AuthError> {
  const error: unknown = await response.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isAuthError(error)) throw new Error('The request was not refused with a coded error')
  expect(inspect(error, { depth: 9, showHidden: true, getters: true })).not.toMatch(
    /example-canary|example-vendor-text/,
  )
  return error
}

async function serve(listener: RequestListener) {
  const bodies: string[] = []
  const sockets: Socket[] = []
  let requests = 0
  const server = createServer((request, response) => {
    requests += 1
    request.setEncoding('utf8')
    let body = ''
    request.on('data', (text: string) => {
      body += text
    })
    request.on('end', () => bodies.push(body))
    response.on('error', () => {})
    listener(request, response)
  })
  server.on('connection', (socket: Socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    sockets,
    get requests() {
      return requests
    },
    async allClosed() {
      const open = sockets.filter((socket) => !socket.closed)
      await Promise.all(open.map((socket) => new Promise((resolve) => socket.on('close', resolve))))
    },
  }
}
