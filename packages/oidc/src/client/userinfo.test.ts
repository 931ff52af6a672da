import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { clientId, type StubProvider, startStubProvider, subject } from '../../test/stub-provider.ts'
import { createOidcClient, type OidcClient, requestUserinfo } from '../index.ts'

let provider: StubProvider
let client: OidcClient

beforeAll(async () => {
  provider = await startStubProvider()
})
afterAll(() => provider.close())
beforeEach(() => {
  provider.requests.length = 0
  provider.answers.clear()
  client = createOidcClient(provider.metadata, { clientId, clientAuthentication: { kind: 'none' } })
})

it('returns what the endpoint says of the user', async () => {
  await expect(requestUserinfo(client, { accessToken: 'example-token', subject })).resolves.toEqual({
    sub: subject,
    email: 'ada@example.com',
  })
  expect(provider.requests).toMatchObject([
    { method: 'GET', path: '/userinfo', headers: { authorization: 'Bearer example-token' } },
  ])
})

it.each([
  ['another sub', { sub: `${subject}invalid` }],
  ['no sub', { email: 'ada@example.com' }],
  ['a sub in a list', { sub: [subject] }],
])('refuses %s', async (_title, body) => {
  provider.answers.set('/userinfo', { body })
  await expect(requestUserinfo(client, { accessToken: 'example-token', subject })).rejects.toMatchObject({
    code: 'oidc/subject_mismatch',
  })
})

it('refuses an empty sub, even for nobody', async () => {
  provider.answers.set('/userinfo', { body: { sub: '' } })
  await expect(requestUserinfo(client, { accessToken: 'example-token', subject: '' })).rejects.toMatchObject({
    code: 'oidc/subject_mismatch',
  })
})

it.each([
  ['401', { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, body: '' }],
  ['403 with HTML', { status: 403, headers: { 'content-type': 'text/html' }, body: '<p>' }],
  ['500', { status: 500, body: {} }],
  ['a list', { body: [] }],
  ['null', { body: 'null' }],
])('fails at %s', async (_title, answer) => {
  provider.answers.set('/userinfo', answer)
  await expect(requestUserinfo(client, { accessToken: 'example-token', subject })).rejects.toMatchObject({
    code: 'oidc/userinfo_failed',
    status: 502,
  })
})

it.each([
  ['HTML', 'text/html', '<p>'],
  ['a signed answer', 'application/jwt', 'a.b.c'],
  ['half a JSON', 'application/json', '{"sub":'],
])('refuses %s', async (_title, type, body) => {
  provider.answers.set('/userinfo', { headers: { 'content-type': type }, body })
  await expect(requestUserinfo(client, { accessToken: 'example-token', subject })).rejects.toMatchObject({
    code: 'core/vendor_response_invalid',
  })
})

it('needs an endpoint', async () => {
  const { userinfoEndpoint: _none, ...metadata } = provider.metadata
  const without = createOidcClient(metadata, { clientId, clientAuthentication: { kind: 'none' } })
  await expect(requestUserinfo(without, { accessToken: 'example-token', subject })).rejects.toMatchObject({
    code: 'core/invalid_option',
  })
})
