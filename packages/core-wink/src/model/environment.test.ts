import { describe, expect, it } from 'vitest'
import { type WinkEnvironment, winkEndpoints } from './environment.ts'

describe('the environment', () => {
  it('sets both hosts by one preset', () => {
    expect(winkEndpoints('stage', 'wink')).toEqual({
      session: 'https://stagelogin-api.winkapis.com/wink/v1/session',
      verifyClient: 'https://stagelogin-api.winkapis.com/api/ConfidentialClient/verify-client',
      authorization: 'https://stageauth.winkapis.com/realms/wink/protocol/openid-connect/auth',
      token: 'https://stageauth.winkapis.com/realms/wink/protocol/openid-connect/token',
      logout: 'https://stageauth.winkapis.com/realms/wink/protocol/openid-connect/logout',
      jwks: 'https://stageauth.winkapis.com/realms/wink/protocol/openid-connect/certs',
      issuers: ['https://stageauth.winkapis.com/realms/wink'],
    })
    const production = winkEndpoints('production', 'wink')
    expect(production.session).toBe('https://api.winklogin.com/wink/v1/session')
    expect(production.issuers).toEqual(['https://auth.winkapis.com/realms/wink'])
  })

  it('takes hosts of a merchant, with path and trailing slash, and issuers of their own', () => {
    const endpoints = winkEndpoints(
      {
        apiUrl: 'https://api.merchant.example/',
        authUrl: 'https://auth.merchant.example/auth/',
        issuers: ['https://old.merchant.example/realms/m', 'https://auth.merchant.example/realms/m'],
      },
      'm',
    )
    expect(endpoints.session).toBe('https://api.merchant.example/wink/v1/session')
    expect(endpoints.jwks).toBe('https://auth.merchant.example/auth/realms/m/protocol/openid-connect/certs')
    expect(endpoints.issuers[0]).toBe('https://old.merchant.example/realms/m')
  })

  it('takes single addresses that do not follow from the hosts', () => {
    const jwks = 'https://keys.merchant.example/certs'
    const endpoints = winkEndpoints(
      { apiUrl: 'https://a.example', authUrl: 'https://b.example', endpoints: { jwks } },
      'wink',
    )
    expect(endpoints).toMatchObject({ jwks, token: 'https://b.example/realms/wink/protocol/openid-connect/token' })
  })

  it.each<[string, unknown]>([
    [
      'a stage address beside production hosts',
      {
        apiUrl: 'https://api.winklogin.com',
        authUrl: 'https://auth.winkapis.com',
        endpoints: { verifyClient: 'https://stage-api.winklogin.com/api/ConfidentialClient/verify-client' },
      },
    ],
    [
      'an address no one knows',
      { apiUrl: 'https://a.example', authUrl: 'https://b.example', endpoints: { userinfo: 'https://b.example/u' } },
    ],
    [
      'an address that is no URL',
      { apiUrl: 'https://a.example', authUrl: 'https://b.example', endpoints: { jwks: '/certs' } },
    ],
    [
      'a stage API with production auth',
      { apiUrl: 'https://stage-api.winklogin.com', authUrl: 'https://auth.winkapis.com' },
    ],
    [
      'a production API with stage auth',
      { apiUrl: 'https://api.winklogin.com', authUrl: 'https://stageauth.winkapis.com' },
    ],
    ['an environment no one knows', 'prod'],
    ['a name of Object', 'constructor'],
    ['nothing', undefined],
    ['null', null],
    ['half a pair', { apiUrl: 'https://api.merchant.example' }],
    ['a misspelt member', { apiUrl: 'https://a.example', authUrl: 'https://b.example', issuer: 'https://b.example' }],
    ['http off loopback', { apiUrl: 'http://api.merchant.example', authUrl: 'https://auth.merchant.example' }],
    ['an auth URL with the realm', { apiUrl: 'https://a.example', authUrl: 'https://b.example/realms/wink' }],
    ['a URL with a query', { apiUrl: 'https://a.example/?x=1', authUrl: 'https://b.example' }],
    ['a URL with user info', { apiUrl: 'https://me@a.example', authUrl: 'https://b.example' }],
    ['no issuer', { apiUrl: 'https://a.example', authUrl: 'https://b.example', issuers: [] }],
    ['an issuer that is no URL', { apiUrl: 'https://a.example', authUrl: 'https://b.example', issuers: ['wink'] }],
  ])('refuses %s', (_, environment) => {
    expect(() => winkEndpoints(environment as WinkEnvironment, 'wink')).toThrow('An option is not valid.')
  })
})
