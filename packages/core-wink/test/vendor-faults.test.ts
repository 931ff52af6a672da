import { describe, expect, it } from 'vitest'
import { cancelUrl, clientOf, redirectUri as returnUrl } from './wink-client.ts'
import { type Answer, html, json, profile, standInForWink, startWink, type WinkStandIn } from './wink-stand-in.ts'

let wink: WinkStandIn
let elsewhere: WinkStandIn
standInForWink((started) => {
  wink = started
})
standInForWink((started) => {
  elsewhere = started
})

const jsonType = { 'content-type': 'application/json' }

/** 100 MB of JSON, as fast as the other end takes it. */
const endless: Answer = (response) => {
  response.writeHead(200, jsonType).write('{"sessionId":"')
  const chunk = Buffer.alloc(65_536, 'a')
  let left = 1600
  const more = (): void => {
    while (left-- > 0) if (!response.write(chunk)) return void response.once('drain', more)
    response.end('"}')
  }
  more()
}

const faults: readonly [name: string, kind: 'unavailable' | 'invalid', answer: Answer][] = [
  [
    '307 to another origin',
    'invalid',
    (response, { path }) => void response.writeHead(307, { location: `${elsewhere.url}${path}` }).end(),
  ],
  ['302 to itself', 'invalid', (response, { path }) => void response.writeHead(302, { location: path }).end()],
  ['a page', 'invalid', (response) => html(response, 200)],
  [
    'JSON under text/html',
    'invalid',
    (response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end(JSON.stringify({ ...profile, sessionId: 's' })),
  ],
  ['nothing', 'invalid', (response) => void response.writeHead(200, jsonType).end()],
  [
    'half a JSON',
    'invalid',
    (response) => void response.writeHead(200, jsonType).end('{"sessionId":"abc","winkToken":"'),
  ],
  ['an empty object', 'invalid', (response) => json(response, {})],
  ['100 MB', 'invalid', endless],
  ['a dropped socket', 'unavailable', (response) => void response.socket?.destroy()],
  [
    'a broken body',
    'unavailable',
    (response) => {
      response.writeHead(200, { ...jsonType, 'content-length': '100' }).write('{')
      response.socket?.end()
    },
  ],
]

describe.each(faults)('%s', (_, kind, answer) => {
  it('creates no session', async () => {
    wink.answers.session = answer
    await expect(clientOf(wink).createSession({ returnUrl, cancelUrl })).rejects.toMatchObject({
      code: kind === 'invalid' ? 'wink/session_answer_invalid' : 'wink/session_unavailable',
    })
    expect(wink.to('session')).toHaveLength(1)
    expect(elsewhere.requests).toEqual([])
  })

  it('verifies nobody', async () => {
    wink.answers['verify-client'] = answer
    await expect(clientOf(wink).verifyAccessToken(await wink.accessToken())).rejects.toMatchObject({
      code: kind === 'invalid' ? 'wink/verification_failed' : 'wink/verification_unavailable',
    })
    expect(wink.to('verify-client')).toHaveLength(1)
    expect(elsewhere.requests).toEqual([])
  })
})

it('gives up on an endpoint that never answers', async () => {
  wink.answers.session = () => {}
  wink.answers['verify-client'] = () => {}
  const client = clientOf(wink)
  const token = await wink.accessToken()
  await Promise.all([
    expect(client.createSession({ returnUrl, cancelUrl })).rejects.toMatchObject({
      code: 'wink/session_unavailable',
      status: 503,
    }),
    expect(client.verifyAccessToken(token)).rejects.toMatchObject({
      code: 'wink/verification_unavailable',
      status: 503,
    }),
  ])
})

it('gives up on an endpoint that cannot be reached', async () => {
  const gone = await startWink()
  const client = clientOf(gone)
  await gone[Symbol.asyncDispose]()
  await expect(client.createSession({ returnUrl, cancelUrl })).rejects.toMatchObject({
    code: 'wink/session_unavailable',
  })
})
