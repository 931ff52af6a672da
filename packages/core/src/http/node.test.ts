import dns from 'node:dns'
import { getEventListeners, once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { localhostCertificate } from '../../test/localhost-certificate.ts'
import { createPlatformFetch } from './node.ts'
import { createVendorHttp } from './vendor-http.ts'

const servers: Server[] = []

afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

describe('a connection that is kept', () => {
  it('is used again for less than 2 seconds', async () => {
    const now = movingTime()
    const vendor = await serve(answerOk)
    for (const milliseconds of [0, 1999, 1999]) {
      now.moveBy(milliseconds)
      await post(vendor.origin)
    }
    expect(vendor.connections).toBe(1)
    now.moveBy(2000)
    await post(vendor.origin)
    expect(vendor.connections).toBe(2)
  })

  it.each([
    ['timeout=60', 1999, 2000],
    ['timeout=2', 999, 1000],
    ['timeout=2, max=100', 999, 1000],
  ])('is used for less than a second before the server closes it: Keep-Alive: %s', async (hint, soon, late) => {
    const now = movingTime()
    const vendor = await serve((_request, response) => response.writeHead(200, { 'keep-alive': hint }).end())
    await post(vendor.origin)
    now.moveBy(soon)
    await post(vendor.origin)
    expect(vendor.connections).toBe(1)
    now.moveBy(late)
    await post(vendor.origin)
    expect(vendor.connections).toBe(2)
  })

  it.each(['timeout=1', 'timeout=0'])('is not kept at all with Keep-Alive: %s', async (hint) => {
    movingTime()
    const vendor = await serve((_request, response) => response.writeHead(200, { 'keep-alive': hint }).end())
    for (let round = 0; round < 3; round += 1) await post(vendor.origin)
    expect(vendor.connections).toBe(3)
  })

  it('loses no request to a server that closes idle connections after 5 seconds, in 200', async () => {
    const now = movingTime()
    const vendor = await serve(answerOk)
    for (let round = 0; round < 200; round += 1) {
      now.moveBy(5000)
      await post(vendor.origin)
      // Its timers have come due with ours; nothing of that has arrived when the next request is sent.
      for (const socket of vendor.sockets.splice(0)) socket.resetAndDestroy()
    }
    expect(vendor.connections).toBe(200)
  })

  it('never carries a POST twice, where a server takes it and resets the connection, in 200', async () => {
    const answered = new WeakSet<Socket>()
    const vendor = await serve((request, response) => {
      if (answered.has(request.socket)) return request.socket.resetAndDestroy()
      answered.add(request.socket)
      return response.end()
    })
    const failures: unknown[] = []
    for (let round = 0; round < 200; round += 1) {
      await post(`${vendor.origin}/first-${round}`)
      await post(`${vendor.origin}/second-${round}`).catch((error: unknown) => failures.push(error))
    }
    expect(failures).toHaveLength(200)
    expect(failures[0]).toMatchObject({ code: 'core/vendor_unreachable', cause: { reason: 'reset' } })
    expect(vendor.journal).toHaveLength(400)
    expect(new Set(vendor.journal).size).toBe(400)
  })

  it('is closed by itself where no other request comes', async () => {
    // Transport and connections of their own, with the timers of this test.
    vi.resetModules()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const { createVendorHttp: createAnother } = await import('./vendor-http.ts')
    const vendor = await serve(answerOk)
    await createAnother().fetch(vendor.origin)
    await createAnother().fetch(vendor.origin)
    expect(vendor.connections).toBe(1)
    vi.advanceTimersByTime(4000)
    await once(vendor.sockets[0] as Socket, 'close')
    vi.useRealTimers()
  })

  it('keeps no process alive', async () => {
    const vendor = await serve(answerOk)
    await post(vendor.origin)
    const awake = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap')
    // Of the two ends only the server's.
    expect(awake).toHaveLength(vendor.sockets.filter((socket) => !socket.destroyed).length)
  })
})

describe('connections', () => {
  it('are 128 for one origin; further requests wait, and other origins do not', async () => {
    const open: (() => void)[] = []
    const slow = await serve((_request, response) => open.push(() => response.end()))
    const other = await serve(answerOk)
    const answers = Array.from({ length: 200 }, () => post(slow.origin))
    await vi.waitUntil(() => open.length === 128)
    await post(other.origin)
    expect(slow.connections).toBe(128)
    while (open.length > 0) {
      open.splice(0).forEach((answer) => answer())
      await post(other.origin)
    }
    await Promise.all(answers)
    expect(slow.connections).toBe(128)
  })

  it('are of the process: a thousand clients that were dropped leave one', async () => {
    const vendor = await serve(answerOk)
    for (let round = 0; round < 1000; round += 1) await post(vendor.origin)
    expect(vendor.connections).toBeLessThan(10)
  })

  it('are kept up to 256 in all', async () => {
    const vendors = await Promise.all(Array.from({ length: 300 }, () => serve(answerOk)))
    for (const vendor of vendors) await post(vendor.origin)
    await vi.waitUntil(() => openSockets(vendors) <= 256)
    expect(openSockets(vendors)).toBeGreaterThan(100)
  })
})

describe('a connection to a vendor', () => {
  it('is verified, whatever the environment says', async () => {
    const server = createTlsServer(localhostCertificate, (_request, response) => response.end())
    servers.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const address = `https://localhost:${(server.address() as AddressInfo).port}/token`
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    await expect(post(address)).rejects.toMatchObject({ code: 'core/vendor_unreachable', cause: { reason: 'tls' } })
  })

  it.each(['127.0.0.1', '::1'])('goes to where its URL says, with path and query: %s', async (address) => {
    const vendor = await serve((request, response) => response.end(request.headers.host), address)
    const answer = await createVendorHttp().fetch(`${vendor.origin}/a%20b/token?c=d&e=%2F#f`)
    expect([await answer.text(), ...vendor.journal]).toEqual([new URL(vendor.origin).host, '/a%20b/token?c=d&e=%2F'])
  })

  it('goes by no proxy of the environment', async () => {
    const [proxy, vendor] = [await serve(answerOk), await serve(answerOk)]
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY']) {
      vi.stubEnv(name, proxy.origin)
    }
    vi.stubEnv('NODE_USE_ENV_PROXY', '1')
    await post(vendor.origin)
    expect([proxy.journal.length, vendor.journal.length]).toEqual([0, 1])
  })
})

describe('a host that must be public', () => {
  const http = createVendorHttp({ privateHosts: ['idp.corp.example'] })

  it.each(['127.0.0.1', '10.1.2.3', '169.254.169.254', '192.168.1.1', '::1', 'fd00::1'])(
    'is not connected to where its name means %s',
    async (address) => {
      const lookup = resolvesTo(address)
      const error: unknown = await http.json('https://vendor.example/token', { body: '' }).catch((thrown) => thrown)
      expect(error).toMatchObject({ code: 'core/private_address', status: 502 })
      expect((error as Error).cause).toEqual({ endpoint: 'https://vendor.example/token' })
      expect(lookup).toHaveBeenCalledOnce()
    },
  )

  it.each(['https://127.0.0.1/token', 'https://[::1]/token', 'https://169.254.169.254/latest', 'http://127.0.0.1:1/'])(
    'is no private address: %s',
    (address) => expect(http.fetch(address)).rejects.toMatchObject({ code: 'core/private_address' }),
  )

  it('is judged at each connection, by what is connected to', async () => {
    const addresses = ['8.8.8.8', '127.0.0.1']
    const lookup = resolvesTo(() => addresses.shift() ?? '127.0.0.1')
    const connected: unknown[] = []
    // A public address answers nobody here: the first connection is given up.
    await createVendorHttp({ privateHosts: [], deadlineSeconds: 0.05 })
      .fetch('https://vendor.example/')
      .catch((error: unknown) => connected.push((error as { code: string }).code))
    expect(connected[0]).toMatch(/^core\/vendor_/)
    await expect(http.fetch('https://vendor.example/')).rejects.toMatchObject({ code: 'core/private_address' })
    expect(lookup).toHaveBeenCalledTimes(2)
  })

  it('shares no connection with those that may be private', async () => {
    const vendor = await serve(answerOk)
    resolvesTo('127.0.0.1')
    const address = vendor.origin.replace('127.0.0.1', 'localhost')
    await post(address)
    await expect(http.fetch(address)).rejects.toMatchObject({ code: 'core/private_address' })
  })

  it('is not one that the options name', async () => {
    resolvesTo('127.0.0.1')
    await expect(http.fetch('https://idp.corp.example:1/')).rejects.toMatchObject({
      code: 'core/vendor_unreachable',
      cause: { reason: 'refused' },
    })
  })
})

describe('what is sent and read', () => {
  it.each<[string, BodyInit, string, string]>([
    ['text', 'a=b', 'text/x', 'a=b'],
    ['parameters', new URLSearchParams({ a: 'b c' }), 'text/x', 'a=b+c'],
    ['bytes', new Uint8Array([97, 98]), 'text/x', 'ab'],
    ['a blob', new Blob(['a', 'b'], { type: 'text/y' }), 'text/x', 'ab'],
  ])('is %s', async (_name, body, type, sent) => {
    const vendor = await serve(echo)
    const answer = await createVendorHttp().fetch(vendor.origin, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    expect(await answer.json()).toEqual({ type, length: `${sent.length}`, body: sent })
  })

  it('says its type where the sender does not', async () => {
    const vendor = await serve(echo)
    const form = new FormData()
    form.set('name', 'Ada')
    const answer = await createVendorHttp().fetch(vendor.origin, { method: 'POST', body: form })
    expect(await answer.json()).toMatchObject({ type: expect.stringMatching(/^multipart\/form-data; boundary=/) })
  })

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is decoded where a proxy compressed it: %s', async (coding, compress) => {
    const vendor = await serve((_request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding })
        .end(compress('{"fine":true}')),
    )
    expect((await createVendorHttp().json(vendor.origin)).body).toEqual({ fine: true })
  })

  it('is refused where it is half of what was compressed', async () => {
    const vendor = await serve((_request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync('{"fine":true}').subarray(0, 20)),
    )
    await expect(createVendorHttp().json(vendor.origin)).rejects.toMatchObject({ code: 'core/vendor_unreachable' })
  })

  it('fails where it is lost before it is read', async () => {
    const vendor = await serve((_request, response) =>
      response.writeHead(200, { 'content-length': '10' }).write('half'),
    )
    const send = createPlatformFetch({ privateHosts: undefined })
    const { body, read } = await send(vendor.origin, { headers: new Headers(), signal: new AbortController().signal })
    vendor.sockets.forEach((socket) => socket.destroy())
    await vi.waitUntil(() => (body as IncomingMessage).destroyed)
    await expect(read?.(100)).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('leaves nothing at the signal once it has ended', async () => {
    const vendor = await serve(answerOk)
    const send = createPlatformFetch({ privateHosts: undefined })
    const { signal } = new AbortController()
    const { read } = await send(vendor.origin, { headers: new Headers(), signal })
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await read?.(10)
    await vi.waitFor(() => expect(getEventListeners(signal, 'abort')).toEqual([]))
  })

  it('is refused where a second header contradicts the first', async () => {
    const vendor = await serve((_request, response) => {
      response.setHeader('content-type', ['application/json', 'text/html'])
      response.end('{}')
    })
    await expect(createVendorHttp().json(vendor.origin)).rejects.toMatchObject({
      code: 'core/vendor_response_invalid',
    })
  })
})

/** By a client of its own each time, as an app has that makes them for each request. */
async function post(address: string): Promise<void> {
  await createVendorHttp().fetch(address, { method: 'POST', body: 'a=b' })
}

const answerOk: RequestListener = (_request, response) => response.end()

const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { 'content-type': type, 'content-length': length } = request.headers
    response.end(JSON.stringify({ type, length, body: Buffer.concat(chunks).toString() }))
  })
}

/** A clock that stands still until it is moved. */
function movingTime() {
  let now = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  return {
    moveBy(milliseconds: number): void {
      now += milliseconds
    },
  }
}

function resolvesTo(address: string | (() => string)) {
  return vi.spyOn(dns, 'lookup').mockImplementation(((
    _hostname: string,
    { all }: dns.LookupOptions,
    callback: (error: null, address: string | dns.LookupAddress[], family?: number) => void,
  ) => {
    const found = typeof address === 'string' ? address : address()
    const family = found.includes(':') ? 6 : 4
    if (all === true) callback(null, [{ address: found, family }])
    else callback(null, found, family)
  }) as typeof dns.lookup)
}

async function serve(listener: RequestListener, address = '127.0.0.1') {
  const journal: string[] = []
  const sockets: Socket[] = []
  let connections = 0
  const server = createServer((request, response) => {
    journal.push(request.url ?? '')
    listener(request, response)
  })
  // What Node's server says by itself would be the hint of a vendor.
  server.keepAliveTimeout = 0
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.push(socket)
    socket.on('error', () => {})
  })
  servers.push(server)
  await once(server.listen(0, address), 'listening')
  return {
    origin: `http://${address.includes(':') ? `[${address}]` : address}:${(server.address() as AddressInfo).port}`,
    journal,
    sockets,
    get connections() {
      return connections
    },
  }
}

function openSockets(vendors: readonly { readonly sockets: readonly Socket[] }[]): number {
  return vendors.flatMap(({ sockets }) => sockets.filter((socket) => !socket.destroyed)).length
}
