import { describe, expect, it } from 'vitest'
import { redactUrls } from './redact-urls.ts'

const query = '?code=canary&state=canary'
const headers = { host: 'app.example' }

describe('requests that come in', () => {
  const { http } = redactUrls({ paths: ['/wink/callback'] })

  it.each([
    `/auth/acme/callback${query}`,
    `/AUTH/acme/callback${query}`,
    `//auth/acme/callback${query}`,
    `/%61uth/acme/callback${query}`,
    `/docs/auth/acme/callback${query}`,
    `/auth/acme/callback;x=canary`,
    `/auth/acme/callback#canary`,
    `/wink/callback${query}`,
    `/wink/callback/${query}`,
    `/%e0%a4%a${query}`,
    `http://app.example/auth/acme/callback${query}`,
  ])('lose their query at a path that has secrets: %s', (url) => {
    const attributes = http.startIncomingSpanHook({ url, headers })
    expect(Object.keys(attributes).sort()).toEqual(['http.target', 'http.url', 'url.path', 'url.query'])
    expect(JSON.stringify(attributes)).not.toContain('canary')
  })

  it('keep it elsewhere, so that the app’s own spans stay as they are', () => {
    expect(http.startIncomingSpanHook({ url: '/search?q=1', headers })).toEqual({})
  })

  it('lose the host by option, which names the tenant under {tenant}', () => {
    const tenants = redactUrls({ removeHost: true }).http
    const at = { host: 'canary.app.example' }
    for (const url of [`/auth/session${query}`, '/search?q=1']) {
      const attributes = tenants.startIncomingSpanHook({ url, headers: at })
      expect(attributes).toMatchObject({ 'server.address': '', 'http.host': '', 'net.host.name': '' })
      expect(JSON.stringify(attributes)).not.toContain('canary')
    }
  })
})

describe('requests that go out', () => {
  const { http, undici } = redactUrls({ keepQueryOf: ['https://api.app.example'] })

  it('lose their query, by node:http and by fetch', () => {
    const clean = {
      'url.full': 'https://vendor.example/token',
      'url.path': '/token',
      'url.query': '',
      'http.url': 'https://vendor.example/token',
      'http.target': '/token',
    }
    const request = { protocol: 'https:', hostname: 'vendor.example', path: `/token${query}` }
    expect(http.startOutgoingSpanHook(request)).toEqual(clean)
    expect(undici.startSpanHook({ origin: 'https://vendor.example', path: `/token${query}` })).toEqual(clean)
    expect(http.startOutgoingSpanHook({ host: 'vendor.example', port: 8443, path: '/a?canary' })).toMatchObject({
      'url.full': 'http://vendor.example:8443/a',
    })
  })

  it('lose it also where the URL cannot be read', () => {
    const attributes = undici.startSpanHook({ origin: 'canary', path: `//${query}` })
    expect(JSON.stringify(attributes)).not.toContain('canary')
    expect(attributes['url.query']).toBe('')
  })

  it('keep it for the origins that are named', () => {
    expect(undici.startSpanHook({ origin: 'https://api.app.example', path: '/search?q=1' })).toEqual({})
  })
})

it('refuses what is no path and no origin', () => {
  expect(() => redactUrls({ basePath: 'auth' })).toThrow(expect.objectContaining({ code: 'core/invalid_option' }))
  expect(() => redactUrls({ paths: [''] })).toThrow(expect.objectContaining({ code: 'core/invalid_option' }))
  expect(() => redactUrls({ keepQueryOf: ['api'] })).toThrow(expect.objectContaining({ code: 'core/invalid_option' }))
})
