import { EventEmitter } from 'node:events'
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import {
  addHeaders,
  bodyOf,
  closedSignal,
  isUpgrade,
  mergedHeader,
  type NodeResponse,
  nearMisses,
  sendWebResponse,
  toRequestLike,
  toWebRequest,
  wholeRequest,
} from './node.ts'

/** A Node response as far as headers go. */
function createResponse(present: Record<string, string | readonly string[]> = {}) {
  const headers = new Map<string, number | string | readonly string[]>(Object.entries(present))
  const body: (Uint8Array | undefined)[] = []
  const response: NodeResponse = {
    statusCode: 200,
    headersSent: false,
    setHeader: (name, value) => headers.set(name.toLowerCase(), value),
    getHeader: (name) => headers.get(name.toLowerCase()),
    end: (bytes) => body.push(bytes),
  }
  return { response, headers, body }
}

describe('a Node request as one that core reads', () => {
  it('has its method, its target as it was sent, and its headers by any case', () => {
    const headers = { cookie: 'a=1', 'x-many': ['1', '2'], 'x-none': undefined }
    const like = toRequestLike({ method: 'PUT', url: '/a%2Fb?x=/', headers })
    expect([like.method, like.url]).toEqual(['PUT', '/a%2Fb?x=/'])
    const names = ['cookie', 'Cookie', 'x-many', 'x-none', 'absent', 'toString']
    expect(names.map((name) => like.headers.get(name))).toEqual(['a=1', 'a=1', '1, 2', null, null, null])
    expect(toRequestLike({ headers: {} })).toMatchObject({ method: 'GET', url: '/' })
  })
})

describe('a target with bytes that are no ASCII', () => {
  // As `node:http2` hands over the bytes of `/städte`; `node:http` answers 400 by itself.
  const url = '/st\u00c3\u00a4dte?return_url=/%C3%A4\u00c3\u00a4'

  it('means what its escapes mean', async () => {
    const escaped = '/st%C3%A4dte?return_url=/%C3%A4%C3%A4'
    expect(toRequestLike({ url, headers: {} }).url).toBe(escaped)
    expect((await toWebRequest({ url, headers: {} }, undefined)).request.url).toBe(`http://localhost${escaped}`)
  })
})

describe('the host of a request over HTTP/2', () => {
  it.each([
    ['that of `:authority`', { ':authority': 'app.example' }, 'app.example'],
    ['that of Host where there is no `:authority`', { host: 'app.example' }, 'app.example'],
    ['the one that both name', { ':authority': 'app.example', host: 'APP.example' }, 'app.example'],
    [
      'none that an app has where they differ',
      { ':authority': 'app.example', host: 'b.example' },
      'app.example, b.example',
    ],
    ['absent where there is neither', {}, null],
  ])('is %s', async (_what, headers, host) => {
    expect(toRequestLike({ headers }).headers.get('Host')).toBe(host)
    expect((await toWebRequest({ headers }, undefined)).request.headers.get('host')).toBe(host)
  })
})

describe('an upgrade', () => {
  it.each([
    ['Upgrade in Connection', { headers: { connection: 'keep-alive, Upgrade', upgrade: 'websocket' } }, true],
    ['CONNECT of HTTP/2', { method: 'CONNECT', headers: { ':protocol': 'websocket' } }, true],
    ['no Connection', { headers: { upgrade: 'websocket' } }, false],
    ['nothing to upgrade to', { headers: { connection: 'Upgrade' } }, false],
  ])('with %s is told from a request: %j', (_what, request, expected) => {
    expect(isUpgrade(request)).toBe(expected)
  })
})

describe('the end of a connection', () => {
  it('is told once it comes, or at once if it has come', () => {
    const connection = new EventEmitter()
    const signal = closedSignal(connection)
    expect(signal.aborted).toBe(false)
    connection.emit('close')
    expect(signal.aborted).toBe(true)
    expect(closedSignal(Object.assign(new EventEmitter(), { destroyed: true })).aborted).toBe(true)
    expect(closedSignal(Object.assign(new EventEmitter(), { stream: { destroyed: true } })).aborted).toBe(true)
  })
})

describe('near misses of the routes', () => {
  it('are below each provider, and not below the base path', () => {
    const paths = ['/auth/session', '/auth/logout', '/auth/logout/next', '/auth/acme/login', '/auth/acme/callback']
    expect(nearMisses(paths.map((path) => ({ path })))).toEqual(['/auth/logout/*', '/auth/acme/*'])
    expect(nearMisses([{ path: '/a/b/session' }])).toEqual([])
  })
})

describe('a Node request as one of the web', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  it('keeps method, path, query and headers, and no host', async () => {
    const headers = { host: 'evil.example', cookie: 'a=1; b=2', ':authority': 'evil.example', 'x-none': undefined }
    const { request } = await toWebRequest(
      { method: 'GET', url: '/auth/acme/callback?code=abc/&x=%20', headers },
      undefined,
    )
    expect(request.url).toBe('http://localhost/auth/acme/callback?code=abc/&x=%20')
    expect([...request.headers.keys()].toSorted()).toEqual(['cookie', 'host'])
    expect(request.headers.get('cookie')).toBe('a=1; b=2')
  })

  it.each(['//evil.example/x', '/\\evil.example', '/x#y'])('stays on its own host with the target %s', async (url) => {
    const { request } = await toWebRequest({ url, headers: {} }, undefined)
    expect(new URL(request.url).host).toBe('localhost')
  })

  it.each([
    ['a text', 'a=1'],
    ['bytes', new TextEncoder().encode('a=1')],
    ['a buffer', Buffer.from('a=1')],
    ['a stream', Readable.from([Buffer.from('a='), Buffer.from('1')])],
  ])('has the body that the framework left as %s', async (_what, given) => {
    const { request, body } = await toWebRequest({ method: 'POST', url: '/', headers: form }, given)
    expect([body, await request.text()]).toEqual([undefined, 'a=1'])
  })

  it('comes with the body beside it that the framework has parsed', async () => {
    const { request, body } = await toWebRequest({ method: 'POST', url: '/', headers: form }, { a: '1' })
    expect([body, request.body]).toEqual([{ a: '1' }, null])
  })

  it('has no body by GET or HEAD, whatever was sent', async () => {
    for (const method of ['GET', 'HEAD']) {
      expect((await toWebRequest({ method, url: '/', headers: {} }, 'a=1')).request.body).toBeNull()
    }
  })

  it('reads a stream to its end, and keeps no more of it than core would refuse', async () => {
    let sent = 0
    const stream = Readable.from(
      (function* () {
        for (; sent < 64; sent++) yield Buffer.alloc(16 * 1024, 'a')
      })(),
    )
    const { request } = await toWebRequest({ method: 'POST', url: '/', headers: form }, stream)
    const { length } = await request.text()
    expect(sent).toBe(64)
    expect(length).toBeGreaterThan(64 * 1024)
    expect(length).toBeLessThanOrEqual(144 * 1024)
  })
})

describe('headers that are added to a Node response', () => {
  it.each([
    [undefined, 'a=1; Path=/', ['a=1; Path=/']],
    ['b=1', 'a=1', ['b=1', 'a=1']],
    ['a=0; Path=/', 'a=1; Path=/', ['a=1; Path=/']],
    [['a=0', 'b=1', 'a=2'], 'a=1', ['b=1', 'a=1']],
    [['ab=0', 'A=0'], 'a=1', ['ab=0', 'A=0', 'a=1']],
  ])('leave one Set-Cookie per name: beside %j comes %j', (present, value, expected) => {
    expect(mergedHeader('Set-Cookie', value, present)).toEqual(expected)
  })

  it.each([
    [undefined, 'Cookie', 'Cookie'],
    ['', 'Cookie', 'Cookie'],
    ['Accept', 'Cookie', 'Accept, Cookie'],
    ['cookie', 'Cookie', 'cookie'],
    ['Origin,  COOKIE ,Accept', 'Cookie', 'Origin, COOKIE, Accept'],
    ['Origin', 'Cookie, Origin', 'Origin, Cookie'],
    ['Cookies', 'Cookie', 'Cookies, Cookie'],
    ['*', 'Cookie', '*'],
    ['Cookie', '*', '*'],
    [['Origin', 'Accept'], 'Cookie', 'Origin, Accept, Cookie'],
  ])('join Vary: %j and %j', (present, value, expected) => {
    expect(mergedHeader('vary', value, present)).toBe(expected)
  })

  it('take the place of what else was there', () => {
    const { response, headers } = createResponse({ 'cache-control': 'public', vary: 'Origin', 'set-cookie': 'app=1' })
    addHeaders(response, [
      ['cache-control', 'private, no-store'],
      ['vary', 'Cookie'],
      ['set-cookie', '__Host-latchkey=1; Path=/'],
      ['set-cookie', '__Host-latchkey.1=2; Path=/'],
      ['set-cookie', '__Host-latchkey=3; Path=/'],
    ])
    expect(Object.fromEntries(headers)).toEqual({
      'cache-control': 'private, no-store',
      vary: 'Origin, Cookie',
      'set-cookie': ['app=1', '__Host-latchkey.1=2; Path=/', '__Host-latchkey=3; Path=/'],
    })
  })
})

describe('a request of Express', () => {
  it('has its whole path, whatever a router has cut off', () => {
    const request = { method: 'GET', url: '/me?tab=1', headers: {} }
    expect(toRequestLike(wholeRequest({ ...request, originalUrl: '/api/me?tab=1' })).url).toBe('/api/me?tab=1')
    expect(toRequestLike(wholeRequest(request)).url).toBe('/me?tab=1')
  })

  it('has the body that a parser read, and the stream where one left something without reading it', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const request = () => Object.assign(Readable.from([Buffer.from('name=a')]), { body: {} })
    const unread = request()
    const { request: web } = await toWebRequest({ method: 'POST', url: '/', headers }, bodyOf(unread))
    expect(await web.text()).toBe('name=a')
    const read = request()
    read.body = { name: await textOf(read) }
    expect(bodyOf(read)).toEqual({ name: 'name=a' })
  })
})

describe('a response of the web as one of Node', () => {
  it('has status, headers and body, and each cookie on a line of its own', async () => {
    const headers = new Headers({ 'content-type': 'text/plain', vary: 'Cookie' })
    headers.append('set-cookie', 'a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT')
    headers.append('set-cookie', 'b=2')
    const server = createServer((_request, response) => {
      response.setHeader('set-cookie', 'app=1')
      void sendWebResponse(response, new Response('hello', { status: 418, headers }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const answer = await new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }>(
      (resolve, reject) => {
        const sent = httpRequest({ host: '127.0.0.1', port, agent: false }, (response) => {
          const { statusCode: status, headers } = response
          textOf(response).then((text) => resolve({ status, headers, text }), reject)
        })
        sent.on('error', reject).end()
      },
    )
    server.close()
    expect([answer.status, answer.text]).toEqual([418, 'hello'])
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain',
      vary: 'Cookie',
      'set-cookie': ['app=1', 'a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'b=2'],
    })
  })

  it('is not written where something else has answered by then', async () => {
    const { response, body, headers } = createResponse()
    await sendWebResponse(
      { ...response, headersSent: true },
      new Response('late', { headers: { 'set-cookie': 'a=1' } }),
    )
    expect([body, headers.size]).toEqual([[], 0])
  })

  it('ends without a body where there is none', async () => {
    const { response, body } = createResponse()
    await sendWebResponse(response, new Response(null, { status: 204 }))
    expect([response.statusCode, body]).toEqual([204, [undefined]])
  })
})
