import { describe, expect, it } from 'vitest'
import { rejection } from '../../test/rejection.ts'
import openRedirects from '../../test/vectors/open-redirects.json' with { type: 'json' }
import { cancelUrl, clientOf, redirectUri as returnUrl } from '../../test/wink-client.ts'
import {
  type Answer,
  clientId,
  clientSecret,
  html,
  json,
  now,
  standInForWink,
  type WinkStandIn,
} from '../../test/wink-stand-in.ts'
import { createWinkClient } from '../client/wink-client.ts'

let wink: WinkStandIn
standInForWink((started) => {
  wink = started
})

describe('createSession', () => {
  it('asks with Basic of raw UTF-8, a User-Agent of its own and both URLs', async () => {
    await expect(clientOf(wink).createSession({ returnUrl, cancelUrl })).resolves.toEqual({
      sessionId: 'f0e1d2c3-0000-4000-8000-00000000abcd',
    })
    const [request] = wink.to('session')
    expect(request?.path).toBe('/wink/v1/session')
    expect(Buffer.from(request?.headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString()).toBe(
      `${clientId}:${clientSecret}`,
    )
    expect(request?.headers['user-agent']).toBe('latchkey')
    expect(request?.headers['content-type']).toBe('application/json')
    expect(JSON.parse(request?.body ?? '')).toEqual({ returnUrl, cancelUrl })
  })

  it('asks 100 times at once and then 10 times a second, however many logins begin', async () => {
    let passed = 0
    const client = clientOf(wink, { clock: () => now + passed })
    const begin = () => client.createSession({ returnUrl, cancelUrl })
    const answers = await Promise.allSettled(Array.from({ length: 500 }, begin))
    expect(wink.to('session')).toHaveLength(100)
    const refused = answers.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(400)
    for (const { reason } of refused as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({ code: 'wink/too_many_logins', status: 503, cause: { retryAfterSeconds: 1 } })
    }
    passed = 1
    await Promise.allSettled(Array.from({ length: 500 }, begin))
    expect(wink.to('session')).toHaveLength(110)
  })

  it.each(['sessionId', 'SessionId', 'id', 'session_id'])('reads the id as %s', async (name) => {
    wink.answers.session = (response) => json(response, { [name]: 'opaque/id', other: 1 })
    await expect(clientOf(wink).createSession({ returnUrl, cancelUrl })).resolves.toEqual({ sessionId: 'opaque/id' })
  })

  const faults: readonly { fault: string; code: string; hint: RegExp; answer: Answer }[] = [
    {
      fault: '400',
      code: 'session_invalid',
      hint: /return and cancel URL/,
      answer: (response) => json(response, {}, 400),
    },
    {
      fault: '401',
      code: 'credentials_refused',
      hint: /client id and secret/,
      answer: (response) => json(response, {}, 401),
    },
    {
      fault: '401 as text',
      code: 'credentials_refused',
      hint: /client id and secret/,
      answer: (response) => void response.writeHead(401, { 'content-type': 'text/plain' }).end('canary'),
    },
    {
      fault: '401 with an empty body',
      code: 'environment_refused',
      hint: /environment/,
      answer: (response) => void response.writeHead(401).end(),
    },
    {
      fault: '403 with a page',
      code: 'blocked_by_gateway',
      hint: /User-Agent/,
      answer: (response) => html(response, 403),
    },
    { fault: '403 as JSON', code: 'session_refused', hint: /client/, answer: (response) => json(response, {}, 403) },
    { fault: '404', code: 'session_refused', hint: /apiUrl/, answer: (response) => html(response, 404) },
    { fault: '429', code: 'session_unavailable', hint: /again/, answer: (response) => json(response, {}, 429) },
    {
      fault: '200 with an id that is null',
      code: 'session_answer_invalid',
      hint: /id/,
      answer: (response) => json(response, { sessionId: null, id: null }),
    },
    {
      fault: '500 as text',
      code: 'session_unavailable',
      hint: /again/,
      answer: (response) => void response.writeHead(500).end('canary'),
    },
    {
      fault: '200 with nothing in it',
      code: 'session_answer_invalid',
      hint: /API host/,
      answer: (response) => json(response, {}),
    },
    {
      fault: '200 with an empty id',
      code: 'session_answer_invalid',
      hint: /id/,
      answer: (response) => json(response, { sessionId: '' }),
    },
    {
      fault: '200 with a number as id',
      code: 'session_answer_invalid',
      hint: /id/,
      answer: (response) => json(response, { id: 1 }),
    },
    {
      fault: '200 with a list',
      code: 'session_answer_invalid',
      hint: /id/,
      answer: (response) => json(response, ['id']),
    },
  ]

  it.each(faults)('maps $fault to $code with a hint at the cause', async ({ code, hint, answer }) => {
    wink.answers.session = answer
    const error = await rejection(clientOf(wink).createSession({ returnUrl, cancelUrl }))
    expect(error.code).toBe(`wink/${code}`)
    expect(error.hint).toMatch(hint)
    expect(wink.to('session')).toHaveLength(1)
  })

  it('is judged by the id that is used alone, and null is absent', async () => {
    for (const body of [
      { sessionId: 'the-id', id: 7, session_id: {} },
      { sessionId: null, SessionId: 'the-id', id: [] },
      { id: 'the-id', session_id: 7, expiresAt: 'soon' },
    ]) {
      wink.answers.session = (response) => json(response, body)
      await expect(clientOf(wink).createSession({ returnUrl, cancelUrl })).resolves.toEqual({ sessionId: 'the-id' })
    }
  })

  it('says in the cause how long Wink asks us to wait, which core passes on', async () => {
    wink.answers.session = (response) => void response.writeHead(429, { 'retry-after': '12' }).end()
    const error = await rejection(clientOf(wink).createSession({ returnUrl, cancelUrl }))
    expect([error.status, error.cause]).toEqual([503, { status: 429, retryAfterSeconds: 12 }])
  })
})

describe('the allow-lists', () => {
  const payloads = openRedirects.map(({ payload }) => payload)

  it.each([...payloads, '', `${returnUrl}/`, `${returnUrl}?x=1`, returnUrl.toUpperCase(), ` ${returnUrl}`, cancelUrl])(
    'refuse the return URL %j, and Wink hears nothing of it',
    async (url) => {
      await expect(clientOf(wink).createSession({ returnUrl: url, cancelUrl })).rejects.toMatchObject({
        code: 'wink/return_url_not_allowed',
      })
      expect(wink.requests).toEqual([])
    },
  )

  it.each([...payloads, '', `${cancelUrl}#`, returnUrl])('refuse the cancel URL %j', async (url) => {
    await expect(clientOf(wink).createSession({ returnUrl, cancelUrl: url })).rejects.toMatchObject({
      code: 'wink/cancel_url_not_allowed',
    })
    expect(wink.requests).toEqual([])
  })

  it('hold for a login as well', async () => {
    const client = clientOf(wink)
    await expect(client.startLogin({ redirectUri: 'https://evil.example/', cancelUrl })).rejects.toMatchObject({
      code: 'wink/return_url_not_allowed',
    })
    await expect(
      client.startLogin({ redirectUri: returnUrl, cancelUrl: 'https://evil.example/' }),
    ).rejects.toMatchObject({
      code: 'wink/cancel_url_not_allowed',
    })
    expect(wink.requests).toEqual([])
  })

  it.each([
    'javascript:alert(1)',
    'http://app.example.com/',
    '/callback',
    'https://a@b.example/',
    'https://a.example\\@b',
  ])('without a list still refuse %j', async (url) => {
    const client = createWinkClient({ clientId, clientSecret, environment: { apiUrl: wink.url, authUrl: wink.url } })
    await expect(client.createSession({ returnUrl: url, cancelUrl })).rejects.toMatchObject({
      code: 'wink/return_url_not_allowed',
    })
  })
})
