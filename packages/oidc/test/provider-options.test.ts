import { createAuth } from '@latchkey/core'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { type OidcIdentity, type OidcProviderOptions, oidcProvider } from '../src/index.ts'
import { createApp } from './app.ts'

type Options = OidcProviderOptions<'google'>

const given: Options = { name: 'google', issuer: 'https://accounts.google.com', clientId: 'id', clientSecret: 'secret' }
const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
  'sign',
  'verify',
])
const { publicKey } = await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify'])
const key = { key: privateKey, algorithm: 'ES256' }

describe('the options of a provider', () => {
  it('need a name, an issuer and a client id, and call nobody', () => {
    const app = createApp([oidcProvider({ name: 'google', issuer: 'https://accounts.google.com', clientId: 'id' })])
    expect(app.auth.routes.map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining(['GET /auth/google/login', 'GET /auth/google/callback']),
    )
  })

  it.each<[keyof Options | 'algorithm', object]>([
    ['name', { name: undefined }],
    ['issuer', { issuer: undefined }],
    ['issuer', { issuer: 'http://accounts.google.com' }],
    ['issuer', { issuer: 'https://user@accounts.google.com' }],
    ['issuer', { issuer: 'https://accounts.google.com?a=b' }],
    ['issuer', { issuer: 'https://accounts.google.com?' }],
    ['issuer', { issuer: 'https://accounts.google.com#a' }],
    ['issuer', { issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' }],
    ['issuer', { issuer: 'https://10.0.0.1/realms/one' }],
    ['clientId', { clientId: '' }],
    ['scopes', { scopes: ['email'] }],
    ['scopes', { scopes: ['openid email'] }],
    ['authorizationParameters', { authorizationParameters: { code_challenge_method: 'plain' } }],
    ['authorizationParameters', { authorizationParameters: { redirect_uri: 'https://evil.example' } }],
    ['authorizationParameters', { authorizationParameters: { response_mode: 'form_post' } }],
    ['authorizationParameters', { authorizationParameters: { prompt: '' } }],
    ['authorizationParameters', { authorizationParameters: { max_age: 'soon' } }],
    ['profile', { profile: {} }],
    ['storeTokens', { storeTokens: 'no' }],
    ['bearer', { bearer: 'https://api.example' }],
    ['signingAlgorithms', { signingAlgorithms: ['HS256'] }],
    ['signingAlgorithms', { signingAlgorithms: ['none'] }],
    ['signingAlgorithms', { signingAlgorithms: [] }],
    ['endpointOrigins', { endpointOrigins: [] }],
    ['endpointOrigins', { endpointOrigins: ['https://a.example/path'] }],
    ['clockToleranceSeconds', { clockToleranceSeconds: 301 }],
    ['clientAuthentication', { clientAuthentication: 'none' }],
    ['clientAuthentication', { clientAuthentication: 'private_key_jwt' }],
    ['clientAuthentication', { clientSecret: undefined, clientAuthentication: 'client_secret_basic' }],
    ['clientAuthentication', { clientSecret: undefined, privateKey: key, clientAuthentication: 'none' }],
    ['privateKey', { privateKey: key }],
    ['algorithm', { clientSecret: undefined, privateKey: { ...key, algorithm: 'ES384' } }],
    ['algorithm', { clientSecret: undefined, privateKey: { ...key, algorithm: 'HS256' } }],
    ['redirectUri' as 'name', { redirectUri: 'https://evil.example' }],
  ])('name a bad %s: %j', (option, changes) => {
    expect(() => oidcProvider({ ...given, ...changes })).toThrow(
      expect.objectContaining({ code: 'core/invalid_option', cause: expect.objectContaining({ option }) }),
    )
  })

  it.each([{ key: publicKey }, { key: {} }, { key: 'secret' }, {}])(
    'take a private key for signing, and not %j',
    (wrong) => {
      const options = { ...given, clientSecret: undefined, privateKey: { ...key, key: undefined, ...wrong } as never }
      expect(() => oidcProvider(options)).toThrow(expect.objectContaining({ code: 'core/invalid_option' }))
    },
  )

  it('never say a secret', () => {
    for (const clientSecret of [[], [''], ['a-secret-of-mine', 7]]) {
      try {
        oidcProvider({ ...given, clientSecret: clientSecret as never })
        expect.unreachable()
      } catch (error) {
        expect(JSON.stringify(error) + String(error)).not.toContain('a-secret-of-mine')
      }
    }
  })

  it.each([undefined, 'private_key_jwt'] as const)('take a private key alone, with the method %s', (method) => {
    oidcProvider({ ...given, clientSecret: undefined, privateKey: key, clientAuthentication: method })
  })

  it('take undefined for what is not given', () => {
    const names = [
      'clientSecret',
      'scopes',
      'authorizationParameters',
      'profile',
      'storeTokens',
      'bearer',
      'privateKey',
    ]
    const others = ['clientAuthentication', 'signingAlgorithms', 'endpointOrigins', 'backChannelLogout', 'fetch']
    oidcProvider({ ...given, ...Object.fromEntries([...names, ...others].map((name) => [name, undefined])) })
  })
})

describe('the types of an app', () => {
  const secret = 'an-example-secret-of-32-bytes-or-more'

  it('know who signs in', () => {
    const auth = createAuth({ baseUrl: 'https://a.example', secret, providers: [oidcProvider(given)] })
    type User = Awaited<ReturnType<typeof auth.requireSession>>['session']['user']
    expectTypeOf<User>().toEqualTypeOf<OidcIdentity<'google'> | OidcIdentity<'keycloak'>>()
    expectTypeOf<Extract<User, { provider: 'google' }>['profile']['email']>().toEqualTypeOf<string | undefined>()
  })

  it('refuse a provider that they were not told about', () => {
    const entra = oidcProvider({ name: 'entra', issuer: 'https://e.example', clientId: 'id' })
    // @ts-expect-error its name is not in `Identities`: `session.user` would not be what its type says
    createAuth({ baseUrl: 'https://a.example', secret, providers: [entra] })
  })
})
