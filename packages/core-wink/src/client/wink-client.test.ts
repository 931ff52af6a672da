import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { rejection } from '../../test/rejection.ts'
import { createWinkClient } from './wink-client.ts'

const good = { clientId: 'winkwallet', clientSecret: 'example-secret', environment: 'stage' as const }

describe('createWinkClient', () => {
  it('takes the three options that are needed, and calls nothing', () => {
    const fetch = (): never => expect.unreachable()
    expect(Object.keys(createWinkClient({ ...good, fetch }))).toEqual([
      'startLogin',
      'finishLogin',
      'startBrowserLogin',
      'finishBrowserLogin',
      'createSession',
      'verifyAccessToken',
      'refresh',
      'signOut',
      'signOutUrl',
    ])
  })

  it.each([
    ['clientId', ''],
    ['clientId', 'with:colon'],
    ['clientSecret', 'canary secret'],
    ['clientSecret', 'canary-secret\n'],
    ['clientSecret', undefined],
    ['realm', '../other'],
    ['realm', ''],
    ['clientAuthentication', 'private_key_jwt'],
    ['returnUrls', 'https://app.example.com/'],
    ['returnUrls', ['http://app.example.com/']],
    ['returnUrls', ['/callback']],
    ['cancelUrls', ['https://app.example.com/#cancelled']],
    ['algorithms', []],
    ['algorithms', ['none']],
    ['algorithms', ['HS256']],
    ['audience', ''],
    ['storeTokens', 'canary'],
    ['fetch', 'canary'],
    ['clock', 1],
    ['clockToleranceSeconds', -1],
    ['clockToleranceSeconds', 301],
    ['clockToleranceSeconds', 1.5],
    ['clockToleranceSeconds', '10'],
    ['clientAuth', 'none'],
    ['clockTolerance', 5],
    ['environment', undefined],
    ['environment', null],
  ])('refuses a bad %s at once, without saying its value: %j', async (option, value) => {
    const error = await rejection(Promise.resolve().then(() => createWinkClient({ ...good, [option]: value })))
    expect(error.code).toBe('core/invalid_option')
    expect(error.hint).toContain(`\`${option}\``)
    expect(inspect(error)).not.toContain('canary')
  })
})

it('takes undefined as not given', () => {
  const client = createWinkClient({
    ...good,
    realm: undefined,
    returnUrls: undefined,
    cancelUrls: undefined,
    clientAuthentication: undefined,
    algorithms: undefined,
    audience: undefined,
    storeTokens: undefined,
    clockToleranceSeconds: undefined,
    fetch: undefined,
    clock: undefined,
  })
  expect(client.signOutUrl({}).href).toContain('https://stageauth.winkapis.com/realms/wink/')
  expect(() =>
    createWinkClient({
      ...good,
      environment: {
        apiUrl: 'https://a.example',
        authUrl: 'https://b.example',
        issuers: undefined,
        endpoints: undefined,
      },
    }),
  ).not.toThrow()
})

describe('signOutUrl', () => {
  it('names the client and where to return, and carries no token', () => {
    const url = createWinkClient(good).signOutUrl({ returnTo: new URL('https://app.example.com/auth/logout/next') })
    expect(url.href).toBe(
      'https://stageauth.winkapis.com/realms/wink/protocol/openid-connect/logout?client_id=winkwallet&post_logout_redirect_uri=https%3A%2F%2Fapp.example.com%2Fauth%2Flogout%2Fnext',
    )
    expect(createWinkClient(good).signOutUrl({}).searchParams.has('post_logout_redirect_uri')).toBe(false)
  })
})
