import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { HttpResponse, http as mock } from 'msw'
import { setupServer } from 'msw/node'
import { describe, expect, it } from 'vitest'
import { createVendorHttp } from './vendor-http.ts'

const endpoint = 'https://vendor.example/token'

describe('a request', () => {
  it('asks for plain JSON under our name', async () => {
    const { fetch, requests } = answers(() => Response.json({}))
    await createVendorHttp({ fetch }).json(endpoint)
    expect(requests[0]).toMatchObject({ url: endpoint, method: 'GET', redirect: 'manual' })
    expect(Object.fromEntries(requests[0]?.headers ?? [])).toEqual({
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'latchkey',
    })
  })

  it('sends its body as it is, by POST', async () => {
    const { fetch, requests } = answers(() => Response.json({}))
    const headers = { accept: '*/*', 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'another' }
    await createVendorHttp({ fetch, userAgent: 'example/1.0 (test)' }).json(endpoint, { headers, body: 'a=b&c=%20' })
    expect(requests[0]?.method).toBe('POST')
    expect(await requests[0]?.text()).toBe('a=b&c=%20')
    expect(requests[0]?.headers.get('user-agent')).toBe('example/1.0 (test)')
    expect(requests[0]?.headers.get('accept')).toBe('*/*')
  })

  it('can be mocked in the process, as other requests of Node can', async () => {
    const http = createVendorHttp()
    const server = setupServer(mock.post(endpoint, () => HttpResponse.json({ mocked: true })))
    server.listen({ onUnhandledFrame: 'error' })
    try {
      expect((await http.json(endpoint, { body: '' })).body).toEqual({ mocked: true })
      expect(await (await http.fetch(endpoint, { method: 'POST', body: 'a=b' })).json()).toEqual({ mocked: true })
    } finally {
      server.close()
    }
  })

  it.each([
    'http://vendor.example/token?code=example-canary',
    'http://localhost.example/token',
    'http://127.0.0.1.vendor.example/token',
    'http://10.0.0.1/token',
    'https://example-canary@vendor.example/token',
    'https://:example-canary@vendor.example/token',
    'ftp://localhost/token',
    'data:application/json,{}',
    '/token?code=example-canary',
    '',
  ])('is not sent to "%s"', async (address) => {
    const { fetch, requests } = answers(() => Response.json({}))
    const http = createVendorHttp({ fetch })
    for (const response of [http.json(address), http.fetch(address)]) {
      const error: unknown = await response.catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'core/insecure_url', status: 500 })
      expect(inspect(error, { showHidden: true })).not.toContain('example-canary')
    }
    expect(requests).toHaveLength(0)
  })

  it.each(['http://localhost:4001/', 'http://acme.localhost:4001/', 'http://127.8.0.1/', 'http://[::1]:4001/'])(
    'may be sent to %s',
    async (address) => {
      const { fetch, requests } = answers(() => Response.json({}))
      await createVendorHttp({ fetch }).json(new URL(address))
      expect(requests[0]?.url).toBe(address)
    },
  )

  it('shows nothing of a header that cannot be sent', async () => {
    const { fetch } = answers(() => Response.json({}))
    const headers = { authorization: 'Bearer example-canary\r\nx: y' }
    const error: unknown = await createVendorHttp({ fetch })
      .json(endpoint, { headers })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'core/vendor_unreachable', cause: { endpoint } })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('example-canary')
  })

  it('ends when its caller gives up', async () => {
    const controller = new AbortController()
    const reason = new Error('The caller gave up')
    const fetch: typeof globalThis.fetch = async (_input, init) => {
      controller.abort(reason)
      throw init?.signal?.reason
    }
    await expect(createVendorHttp({ fetch }).fetch(endpoint, { signal: controller.signal })).rejects.toBe(reason)
  })
})

describe('an answer', () => {
  it('keeps status and headers, and has no body of an encoding', async () => {
    const headers = { 'content-encoding': 'identity', 'content-length': '2', 'www-authenticate': 'Bearer' }
    const { fetch } = answers(() => new Response('{}', { status: 401, headers }))
    const response = await createVendorHttp({ fetch }).fetch(endpoint)
    expect(response.status).toBe(401)
    expect(await response.text()).toBe('{}')
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect([response.headers.get('content-encoding'), response.headers.get('content-length')]).toEqual([null, null])
  })

  it('may be empty for fetch', async () => {
    const { fetch } = answers(() => new Response(null, { status: 204 }))
    const response = await createVendorHttp({ fetch }).fetch(endpoint, { method: 'POST' })
    expect([response.status, await response.text()]).toEqual([204, ''])
  })

  it('may be JSON null', async () => {
    const { fetch } = answers(() => Response.json(null))
    expect(await createVendorHttp({ fetch }).json(endpoint)).toMatchObject({ status: 200, body: null })
  })

  it.each([
    ['opaqueredirect', { type: 'opaqueredirect', status: 0 }],
    ['a redirect that was followed', { redirected: true }],
  ])('is refused as a redirect: %s', async (_name, difference) => {
    const { fetch } = answers(() => Object.assign(proxyOf(Response.json({})), difference))
    await expect(createVendorHttp({ fetch }).json(endpoint)).rejects.toMatchObject({ code: 'core/unexpected_redirect' })
  })

  it('is refused with a status that HTTP does not have', async () => {
    const { fetch } = answers(() => Response.error())
    await expect(createVendorHttp({ fetch }).json(endpoint)).rejects.toMatchObject({
      code: 'core/vendor_response_invalid',
    })
  })

  it('leaves the connection to the next request, and no timer', async () => {
    let connections = 0
    const server = createServer((_request, response) => response.end('{}'))
    server.on('connection', () => {
      connections += 1
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const http = createVendorHttp({ deadlineSeconds: 60 })
    for (let round = 0; round < 8; round += 1) {
      await http.fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    }
    expect(timers()).toBeLessThanOrEqual(before)
    expect(connections).toBeLessThan(8)
    server.closeAllConnections()
    server.close()
  })
})

describe('a GET that may be retried', () => {
  const busy =
    (status: number, headers = {}) =>
    () =>
      new Response(null, { status, headers })
  const fine = () => Response.json({ fine: true })
  const broken = () => {
    throw new TypeError('fetch failed')
  }
  const past = { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT', date: 'Wed, 21 Oct 2015 07:28:01 GMT' }
  const soon = { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' }
  const late = { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT', date: 'Wed, 21 Oct 2015 07:27:00 GMT' }

  it.each([
    ['no answer', broken],
    ['429', busy(429)],
    ['502', busy(502)],
    ['503', busy(503, { 'retry-after': '0' })],
    ['504', busy(504, { 'retry-after': 'soon' })],
    ['a date that is past', busy(503, past)],
    ['a date that is now by the clock of the vendor', busy(503, soon)],
  ])('is sent once more after %s', async (_name, first) => {
    const { fetch, requests } = answers(first, fine)
    expect((await createVendorHttp({ fetch }).json(endpoint, { retry: true })).body).toEqual({ fine: true })
    expect(requests).toHaveLength(2)
  })

  it.each([
    ['a wait beyond the deadline', busy(503, { 'retry-after': '5' }), 503],
    ['an absurd wait', busy(429, { 'retry-after': '1000000000' }), 429],
    ['a date beyond the deadline', busy(503, late), 503],
    ['500', busy(500), 500],
    ['404', busy(404), 404],
  ])('is not sent again after %s', async (_name, first, status) => {
    const { fetch, requests } = answers(first, fine)
    const answer = await createVendorHttp({ fetch }).json(endpoint, { retry: true })
    expect(answer).toMatchObject({ status, body: null })
    expect(requests).toHaveLength(1)
  })

  it('is never sent a third time', async () => {
    const unavailable = answers(busy(503), busy(503), fine)
    expect((await createVendorHttp({ fetch: unavailable.fetch }).json(endpoint, { retry: true })).status).toBe(503)
    expect(unavailable.requests).toHaveLength(2)
    const gone = answers(broken, broken, fine)
    await expect(createVendorHttp({ fetch: gone.fetch }).json(endpoint, { retry: true })).rejects.toMatchObject({
      code: 'core/vendor_unreachable',
    })
    expect(gone.requests).toHaveLength(2)
  })

  it.each([
    ['it is a POST', { method: 'POST', retry: true } as const],
    ['it has a body', { body: 'a=b', retry: true } as const],
    ['it did not ask', {}],
  ])('is sent once when %s', async (_name, request) => {
    const unavailable = answers(busy(503), fine)
    expect((await createVendorHttp({ fetch: unavailable.fetch }).json(endpoint, request)).status).toBe(503)
    const gone = answers(broken, fine)
    await expect(createVendorHttp({ fetch: gone.fetch }).json(endpoint, request)).rejects.toMatchObject({
      code: 'core/vendor_unreachable',
    })
    expect([unavailable.requests.length, gone.requests.length]).toEqual([1, 1])
  })

  it('is not sent again after a redirect or too much', async () => {
    const redirect = answers(() => new Response(null, { status: 307, headers: { location: endpoint } }), fine)
    await expect(createVendorHttp({ fetch: redirect.fetch }).json(endpoint, { retry: true })).rejects.toMatchObject({
      code: 'core/unexpected_redirect',
    })
    const large = answers(() => Response.json('x'.repeat(100)), fine)
    const http = createVendorHttp({ fetch: large.fetch, maximumBytes: 100 })
    await expect(http.json(endpoint, { retry: true })).rejects.toMatchObject({
      code: 'core/vendor_response_too_large',
    })
    expect([redirect.requests.length, large.requests.length]).toEqual([1, 1])
  })
})

describe('its options', () => {
  it.each<[string, unknown]>([
    ['fetch', 'example-canary'],
    ['deadlineSeconds', 0],
    ['deadlineSeconds', -1],
    ['deadlineSeconds', 61],
    ['deadlineSeconds', Number.NaN],
    ['deadlineSeconds', '5'],
    ['maximumBytes', 0],
    ['maximumBytes', 1.5],
    ['maximumBytes', Number.POSITIVE_INFINITY],
    ['userAgent', ''],
    ['userAgent', 'example-canary\r\nx: y'],
    ['userAgent', ' '],
    ['timeout', 'example-canary'],
  ])('refuse %s = %j and name it', (option, value) => {
    let error: unknown
    try {
      createVendorHttp({ [option]: value })
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'core/invalid_option', cause: { option } })
    expect(inspect(error)).not.toContain('example-canary')
  })
})

/** A fetch that gives one answer after another, and remembers what it was asked. */
function answers(...list: readonly (() => Response)[]) {
  const requests: Request[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    requests.push(new Request(input, init))
    const answer = list[requests.length - 1]
    if (answer === undefined) throw new Error('There is no further answer')
    return answer()
  }
  return { fetch, requests }
}

/** A response whose read-only members can be set. */
function proxyOf(response: Response): Response {
  return Object.create(
    {},
    Object.fromEntries(
      (['type', 'status', 'redirected', 'headers', 'body'] as const).map((name) => [
        name,
        { value: response[name], writable: true },
      ]),
    ),
  ) as Response
}
