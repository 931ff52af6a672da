import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import openRedirects from '../test/vectors/open-redirects.json' with { type: 'json' }
import { cancelUrl, clientOf, redirectUri as returnUrl } from '../test/wink-client.ts'
import { type Answer, clientId, clientSecret, html, json, startWink, type WinkStandIn } from '../test/wink-stand-in.ts'

let wink: WinkStandIn
beforeAll(async () => {
  wink = await startWink()
})
afterAll(() => wink[Symbol.asyncDispose]())
beforeEach(() => {
  wink.requests.length = 0
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

  it.each(['sessionId', 'SessionId', 'id', 'session_id'])('reads the id as %s', async (name) => {
    wink.answers.session = (response) => json(response, { [name]: 'opaque/id', other: 1 })
    await expect(clientOf(wink).createSession({ returnUrl, cancelUrl })).resolves.toEqual({ sessionId: 'opaque/id' })
  })

  it.each<[string, string, RegExp, Answer]>([
    ['400', 'wink/session_invalid', /return and cancel URL/, (response) => json(response, { title: 'Bad' }, 400)],
    ['401', 'wink/credentials_refused', /client id and secret/, (response) => json(response, {}, 401)],
    [
      '401 with an empty body',
      'wink/environment_refused',
      /environment/,
      (response) => void response.writeHead(401).end(),
    ],
    ['403 with a page', 'wink/blocked_by_gateway', /User-Agent/, (response) => html(response, 403)],
    ['403 as JSON', 'wink/session_refused', /client/, (response) => json(response, {}, 403)],
    ['404', 'wink/session_refused', /apiUrl/, (response) => html(response, 404)],
    ['429', 'wink/session_unavailable', /again/, (response) => json(response, {}, 429)],
    ['500 as text', 'wink/session_unavailable', /again/, (response) => void response.writeHead(500).end('canary')],
    ['200 with nothing in it', 'wink/session_answer_invalid', /API host/, (response) => json(response, {})],
    ['200 with an empty id', 'wink/session_answer_invalid', /id/, (response) => json(response, { sessionId: '' })],
    ['200 with a list', 'wink/session_answer_invalid', /id/, (response) => json(response, ['id'])],
  ])('maps %s to %s with a hint at the cause', async (_, code, hint, answer) => {
    wink.answers.session = answer
    await expect(clientOf(wink).createSession({ returnUrl, cancelUrl })).rejects.toMatchObject({
      code,
      hint: expect.stringMatching(hint),
    })
    expect(wink.to('session')).toHaveLength(1)
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
    const { apiUrl, authUrl } = { apiUrl: wink.url, authUrl: wink.url }
    const { createWink } = await import('./wink.ts')
    const client = createWink({ clientId, clientSecret, environment: { apiUrl, authUrl } })
    await expect(client.createSession({ returnUrl: url, cancelUrl })).rejects.toMatchObject({
      code: 'wink/return_url_not_allowed',
    })
  })
})
