import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestBrowser, type TestBrowser } from './test-browser.ts'

const origin = 'https://app.example'

/** A browser whose every request is answered with what it sent. */
function echoing(setCookies: readonly string[] = [], clock?: () => number): TestBrowser {
  return createTestBrowser({
    origin,
    clock,
    answer: async (request) => {
      const headers = new Headers({ 'content-type': 'application/json' })
      for (const line of setCookies) headers.append('set-cookie', line)
      const sent = { method: request.method, url: request.url, ...Object.fromEntries(request.headers) }
      return new Response(JSON.stringify({ ...sent, body: await request.text() }), { headers })
    },
  })
}

describe('the cookies of a test browser', () => {
  const at = (address: string, lines: readonly string[]) => {
    const { cookies } = createTestBrowser({ origin, clock: () => 1000 })
    cookies.keep(lines, address)
    return cookies
  }

  it.each([
    ['a=1', origin, true],
    ['a=1; Max-Age=1', origin, true],
    ['a=1; Max-Age=0', origin, false],
    ['a=1; Max-Age=-1', origin, false],
    ['a=1; Expires=Thu, 01 Jan 1970 00:16:41 GMT', origin, true],
    ['a=1; Expires=Thu, 01 Jan 1970 00:16:40 GMT', origin, false],
    ['a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=5', origin, true],
    ['a=1; Secure', 'http://app.example', false],
    ['a=1; Secure', 'http://acme.localhost:3000', true],
    ['__Host-a=1; Secure; Path=/', origin, true],
    ['__Host-a=1; Path=/', origin, false],
    ['__Host-a=1; Secure; Path=/auth', origin, false],
    ['__Host-a=1; Secure', origin, false],
    ['__Host-a=1; Secure; Path=/; Domain=app.example', origin, false],
    ['__Secure-a=1; Path=/', origin, false],
    ['a=1; Domain=example', origin, true],
    ['a=1; Domain=other.example', origin, false],
    [`a=${'x'.repeat(4095)}`, origin, true],
    [`a=${'x'.repeat(4096)}`, origin, false],
    ['=1', origin, false],
    ['nothing', origin, false],
  ])('hold %s of %s: %s', (line, address, isKept) => {
    expect(at(address, [line]).names(address)).toHaveLength(isKept ? 1 : 0)
  })

  it('go to the hosts and paths that they are for, on every port', () => {
    const cookies = at(`${origin}/auth/callback`, ['a=1', 'b=2; Path=/', 'c=3; Domain=app.example; Path=/'])
    expect(cookies.header(`${origin}:8443/auth/x`)).toBe('a=1; b=2; c=3')
    expect(cookies.header('/authority')).toBe('b=2; c=3')
    expect(cookies.header('https://acme.app.example/')).toBe('c=3')
    expect(cookies.header('https://notapp.example/')).toBe('')
    expect(at(origin, ['a=1; Path=/; Secure']).header('http://app.example/')).toBe('')
  })

  it('expire by the clock, and not in a copy', async () => {
    let now = 1000
    const browser = echoing(['a=1; Max-Age=10'], () => now)
    await browser.open('/')
    const thief = browser.copy()
    now += 10
    expect([browser.cookies.get('a'), thief.cookies.get('a')]).toEqual([undefined, '1'])
    thief.cookies.set('a', 'planted')
    thief.cookies.delete('b')
    expect([browser.cookies.header(), thief.cookies.header()]).toEqual(['', 'a=planted'])
    thief.cookies.delete('a')
    expect(thief.cookies.names()).toEqual([])
  })

  it('are sent with every request, and with one that an auth is asked about', async () => {
    const browser = echoing(['a=1; Path=/', 'b=2; Path=/'])
    await browser.open('/')
    expect((await browser.fetch('/api')).json()).toMatchObject({ cookie: 'a=1; b=2' })
    expect((await browser.fetch('/api', { headers: { cookie: 'c=3' } })).json()).toMatchObject({ cookie: 'c=3' })
    expect(browser.request('/api?x=1').headers.get('cookie')).toBe('a=1; b=2')
    expect(browser.request('/api?x=1').url).toBe(`${origin}/api?x=1`)
  })
})

describe('the requests of a test browser', () => {
  const fields = (answer: { json(): unknown }, ...names: string[]) =>
    names.map((name) => (answer.json() as Record<string, string>)[name] ?? null)

  it('say what they are for, as Chromium does', async () => {
    const browser = echoing()
    const opened = await browser.open('/page')
    expect(fields(opened, 'method', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest', 'origin')).toEqual([
      ...['GET', 'none', 'navigate', 'document', null],
    ])
    expect(fields(opened, 'accept')[0]).toContain('text/html')
    const sent = await browser.submit('/form', { a: 'b c' })
    expect(fields(sent, 'method', 'sec-fetch-site', 'sec-fetch-mode', 'origin', 'content-type', 'body')).toEqual([
      ...['POST', 'same-origin', 'navigate', origin, 'application/x-www-form-urlencoded', 'a=b+c'],
    ])
    const read = await browser.fetch('/api')
    expect(fields(read, 'method', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest', 'origin')).toEqual([
      ...['GET', 'same-origin', 'cors', 'empty', null],
    ])
    const changed = await browser.fetch('/api', { method: 'PUT', body: '{}' })
    expect(fields(changed, 'method', 'origin', 'body')).toEqual(['PUT', origin, '{}'])
  })

  it.each([
    ['https://app.example/other', 'same-origin'],
    ['https://app.example:8443', 'same-site'],
    ['https://acme.app.example', 'same-site'],
    ['http://app.example', 'cross-site'],
    ['https://evil.example', 'cross-site'],
    ['http://127.0.0.1:3000', 'cross-site'],
  ])('come from %s: %s', async (from, site) => {
    const browser = echoing()
    for (const answer of [
      await browser.open('/', { from }),
      await browser.submit('/', {}, { from }),
      await browser.fetch('/', { from }),
    ]) {
      expect(fields(answer, 'sec-fetch-site')).toEqual([site])
    }
    expect(fields(await browser.submit('/', {}, { from }), 'origin')).toEqual([new URL(from).origin])
  })

  it('follow redirects on demand, over several origins', async () => {
    const sites: (string | null)[] = []
    const browser = createTestBrowser({
      origin,
      answer: async ({ url, headers }) => {
        sites.push(headers.get('sec-fetch-site'))
        const to = { '/1': 'https://vendor.example/2', '/2': `${origin}/3`, '/loop': '/loop' }[new URL(url).pathname]
        return new Response(null, to === undefined ? {} : { status: 303, headers: { location: to } })
      },
    })
    const first = await browser.open('/1')
    expect(first.location?.href).toBe('https://vendor.example/2')
    expect((await browser.follow(first, ({ origin: next }) => next === origin)).url.href).toBe(
      'https://vendor.example/2',
    )
    expect((await browser.follow(first)).url.href).toBe(`${origin}/3`)
    expect(new Set(sites)).toEqual(new Set(['none']))
    sites.length = 0
    await browser.follow(await browser.open('/1', { from: origin }))
    expect(sites).toEqual(['same-origin', 'cross-site', 'cross-site'])
    await expect(browser.follow(await browser.open('/loop'))).rejects.toThrow('more than 20 redirects')
  })

  it('go over sockets where no function answers', async () => {
    const server = createServer((request, response) => {
      response.setHeader('set-cookie', ['a=1; Secure; Path=/', 'b=2'])
      response.end(JSON.stringify([request.method, request.url, request.headers.host]))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const browser = createTestBrowser({
      origin,
      servers: { [origin]: `http://127.0.0.1:${port}` },
      answer: async () => null,
    })
    expect((await browser.open('/x?y=z')).json()).toEqual(['GET', '/x?y=z', 'app.example'])
    expect(browser.cookies.header()).toBe('a=1; b=2')
    const own = `acme.localhost:${port}`
    expect((await browser.fetch(`http://${own}/`, { method: 'DELETE' })).json()).toEqual(['DELETE', '/', own])
    await expect(browser.open('https://elsewhere.example/')).rejects.toThrow('does not know where')
  })
})
