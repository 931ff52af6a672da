import { once } from 'node:events'
import { connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2'
import { text } from 'node:stream/consumers'
import { Controller, Get } from '@nestjs/common'
import { expect, it, onTestFinished } from 'vitest'
import { CurrentUser, RequireSession } from '../src/index.ts'
import { createExampleAuth, halfIdleSeconds } from './example-auth.ts'
import { start } from './running-app.ts'

@Controller()
class MeController {
  @Get('me')
  @RequireSession()
  me(@CurrentUser() user: { readonly subject: string }) {
    return user.subject
  }
}

async function run() {
  const example = createExampleAuth({ baseUrl: ['https://app.example', 'https://{tenant}.app.example'] })
  const app = await start({
    platform: 'fastify',
    example,
    controllers: [MeController],
    // Its type is that of an adapter over HTTP/1.1.
    fastify: { http2: true } as object,
  })
  const client = connect(`http://127.0.0.1:${app.port}`)
  onTestFinished(() => client.close())
  const send = async (path: string, headers: OutgoingHttpHeaders) => {
    const stream = client.request({ ':path': path, ...headers })
    const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }]
    // CONNECT is open until both sides end it.
    stream.end()
    const cookie = answer['set-cookie']?.map((line) => line.split(';', 1)[0]).join('; ')
    return { status: answer[':status'], cookie, body: await text(stream) }
  }
  return { example, send }
}

const authority = { ':authority': 'acme.app.example' }

it('finds the origin of a request over HTTP/2 by `:authority`, and prolongs the session there', async () => {
  const { example, send } = await run()
  const { cookie } = await send('/auth/example/callback', authority)
  expect(await send('/me', { ...authority, cookie })).toMatchObject({ status: 200, body: 'ada' })
  expect((await send('/me', { ':authority': 'app.example', cookie })).status).toBe(401)
  example.pass(halfIdleSeconds + 1)
  const prolonged = await send('/me', { ...authority, cookie })
  expect([prolonged.status, prolonged.cookie?.startsWith('__Host-latchkey=')]).toEqual([200, true])
})

it.each([
  ['a host that is not ours', { ':authority': 'evil.example' }],
  ['two hosts', { ...authority, host: 'app.example' }],
  ['another Host', { ...authority, host: 'evil.example' }],
])('refuses %s over HTTP/2', async (_what, headers) => {
  const { send } = await run()
  for (const path of ['/me', '/auth/session', '/auth/example/callback']) {
    const { status, body, cookie } = await send(path, headers)
    expect([status, JSON.parse(body).code, cookie]).toEqual([421, 'core/unknown_host', undefined])
  }
})

it.each(['https://acme.app.example', 'https://evil.example'])(
  'opens no socket over HTTP/2, for a page of %s: Nest routes no CONNECT',
  async (origin) => {
    const { example, send } = await run()
    const { cookie } = await send('/auth/example/callback', authority)
    example.pass(halfIdleSeconds + 1)
    // Without `:path` it is the CONNECT that every server of HTTP/2 knows.
    const refused = await send('/me', { ...authority, cookie, origin, ':method': 'CONNECT', ':path': undefined })
    expect([refused.status, refused.cookie]).toEqual([405, undefined])
  },
)
