import { once } from 'node:events'
import { connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { beginWithoutLogin } from '@latchkey/core/testing'
import { createExampleAuth } from '@latchkey/testkit'
import fastify from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { latchkey, requireSession, sessionOf } from '../src/index.ts'

const baseUrls = {
  'a list of origins': ['https://app.example', 'https://acme.app.example'],
  'a tenant label': ['https://app.example', 'https://{tenant}.app.example'],
} as const

async function start(baseUrl: readonly string[]) {
  const { auth, pass } = createExampleAuth({ pages: {}, baseUrl })
  const app = fastify({ http2: true })
  await app.register(latchkey, { auth })
  const preHandler = requireSession()
  app.get('/me', { preHandler }, async (request) => sessionOf(request).user.subject)
  app.get('/files/*', { preHandler }, async () => 'a file')
  app.get('/hijacked', { preHandler }, async (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    reply.raw.end('data: 1\n\n')
  })
  app.get('/written', { preHandler }, async (_request, reply) => {
    reply.hijack()
    reply.raw.setHeader('set-cookie', 'app=1')
    reply.raw.write('first ')
    reply.raw.end('second')
  })
  app.get('/ended', { preHandler }, async (_request, reply) => void reply.hijack().raw.end())
  app.get('/stream', { preHandler }, async () => new Response('streamed').body)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const client = connect(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
  onTestFinished(async () => {
    client.close()
    await app.close()
  })
  const send = async (path: string, headers: OutgoingHttpHeaders) => {
    const stream = client.request({ ':path': path, ...headers })
    const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }]
    return { status: answer[':status'], headers: answer, body: await text(stream) }
  }
  const signIn = async (url = 'https://acme.app.example') => {
    const { setCookies } = await beginWithoutLogin(auth, { identities: { example: { subject: 'ada' } }, url })
    return setCookies.map((line) => line.split(';', 1)[0]).join('; ')
  }
  return { send, signIn, pass }
}

describe.each(Object.entries(baseUrls))('HTTP/2 with %s', (_what, baseUrl) => {
  it('finds the origin by `:authority`, or by Host where that is all there is', async () => {
    const { send, signIn } = await start(baseUrl)
    const cookie = await signIn()
    for (const host of [{ ':authority': 'acme.app.example' }, { host: 'acme.app.example' }]) {
      expect(await send('/me', { ...host, cookie })).toMatchObject({ status: 200, body: 'ada' })
      const { status, body } = await send('/auth/session', { ...host, cookie })
      expect([status, JSON.parse(body).signedIn]).toEqual([200, true])
    }
    const both = { ':authority': 'acme.app.example', host: 'ACME.app.example' }
    expect((await send('/me', { ...both, cookie })).status).toBe(200)
  })

  it('lets a session pass at its own host alone', async () => {
    const { send, signIn } = await start(baseUrl)
    expect((await send('/me', { ':authority': 'app.example', cookie: await signIn() })).status).toBe(401)
  })

  it.each([
    ['a host that is not ours', { ':authority': 'evil.example' }],
    ['two hosts', { ':authority': 'acme.app.example', host: 'app.example' }],
    ['another Host', { ':authority': 'acme.app.example', host: 'evil.example' }],
    ['another `:authority`', { ':authority': 'evil.example', host: 'acme.app.example' }],
  ])('refuses %s', async (_host, headers) => {
    const { send, signIn } = await start(baseUrl)
    const cookie = await signIn()
    for (const path of ['/me', '/auth/session', '/auth/example/login']) {
      const { status, body } = await send(path, { ...headers, cookie })
      expect([status, JSON.parse(body).code]).toEqual([421, 'core/unknown_host'])
    }
  })

  it.each(['/me', '/hijacked', '/written', '/ended', '/stream'])(
    'has the cookie of a session that is prolonged in the answer of %s',
    async (path) => {
      const { send, signIn, pass } = await start(baseUrl)
      const cookie = await signIn()
      pass(1801)
      const { status, headers } = await send(path, { ':authority': 'acme.app.example', cookie })
      const names = headers['set-cookie']?.map((line) => line.split('=', 1)[0])
      expect([status, names]).toEqual([200, [...(path === '/written' ? ['app'] : []), '__Host-latchkey']])
      expect(headers['cache-control']).toBe('private, no-store')
    },
  )

  it('comes back to a page that was asked for by bytes that are no ASCII', async () => {
    const { send } = await start(baseUrl)
    const bytes = Buffer.from('/files/städte').toString('latin1')
    const headers = { ':authority': 'app.example', accept: 'text/html' }
    const { signInUrl } = JSON.parse((await send(bytes, headers)).body) as { signInUrl: string }
    const login = await send(signInUrl, headers)
    const cookie = [login.headers['set-cookie'] ?? []]
      .flat()
      .map((line) => line.split(';', 1)[0])
      .join('; ')
    const query = new URL(login.headers.location ?? '').searchParams
    const assertion = new URLSearchParams({ state: query.get('state') ?? '', assertion: '{"subject":"ada"}' })
    const callback = await send(`/auth/example/callback?${assertion}`, { ...headers, cookie })
    expect([callback.status, callback.headers.location]).toEqual([303, '/files/st%C3%A4dte'])
  })
})

describe('an extended CONNECT of HTTP/2', () => {
  /** Asks for a WebSocket as RFC 8441 says. */
  const ask = async (isRouted: boolean, headers: OutgoingHttpHeaders) => {
    const { auth, pass } = createExampleAuth({ pages: {}, baseUrl: ['https://app.example', 'https://other.example'] })
    const app = fastify({ http2: true })
    app.server.updateSettings({ enableConnectProtocol: true })
    app.addHttpMethod('CONNECT')
    await app.register(latchkey, { auth })
    app.route({
      method: 'CONNECT',
      url: '/live',
      preHandler: requireSession(),
      handler: async (request) => sessionOf(request).user.subject,
    })
    // Fastify is told of none by itself.
    if (isRouted) app.server.on('connect', (request, response) => app.routing(request, response))
    await app.listen({ host: '127.0.0.1', port: 0 })
    const client = connect(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
    onTestFinished(async () => {
      client.close()
      await app.close()
    })
    const { setCookies } = await beginWithoutLogin(auth, {
      identities: { example: { subject: 'ada' } },
      url: 'https://app.example',
    })
    pass(1801)
    await once(client, 'remoteSettings')
    const stream = client.request({
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':scheme': 'https',
      ':path': '/live',
      ':authority': 'app.example',
      cookie: setCookies.map((line) => line.split(';', 1)[0]).join('; '),
      ...headers,
    })
    const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }]
    stream.end()
    return { status: answer[':status'], setCookie: answer['set-cookie'], body: await text(stream) }
  }

  it('is refused by Node where the app takes none', async () => {
    const { status, setCookie } = await ask(false, { origin: 'https://app.example' })
    expect([status, setCookie]).toEqual([405, undefined])
  })

  it('is judged as the upgrade that it is: for pages of its own alone, and nothing is refreshed', async () => {
    expect(await ask(true, { origin: 'https://app.example' })).toEqual({ status: 200, body: 'ada' })
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'https://sibling.app.example' },
      { origin: 'https://app.example:8443' },
      { origin: 'https://other.example' },
      { origin: 'null' },
      {},
    ]) {
      const { status, setCookie, body } = await ask(true, headers)
      expect([status, JSON.parse(body).code, setCookie]).toEqual([403, 'core/cross_origin', undefined])
    }
  })

  it('is refused where it names two hosts', async () => {
    const headers = { origin: 'https://app.example', host: 'other.example' }
    const { status, body } = await ask(true, headers)
    expect([status, JSON.parse(body).code]).toEqual([421, 'core/unknown_host'])
  })
})
