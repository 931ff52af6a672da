import { expect, it } from 'vitest'
import { type ClientAuthentication, toClientAuths } from './client-authentication.ts'

function authenticate(clientId: string, authentication: ClientAuthentication) {
  const body = new URLSearchParams()
  const headers = new Headers()
  const [authenticateRequest] = toClientAuths('createOidcClient', { clientId, clientAuthentication: authentication })
  void authenticateRequest?.({ issuer: 'https://login.example' }, { client_id: clientId }, body, headers)
  return { body: body.toString(), authorization: headers.get('authorization') }
}

it.each([
  ['Aladdin', 'open sesame', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
  ['test', '123£', 'Basic dGVzdDoxMjPCow=='],
])('sends the Basic header of RFC 7617 for %s', (clientId, secret, authorization) => {
  expect(authenticate(clientId, { kind: 'client_secret_basic', secret })).toEqual({ body: '', authorization })
})

it('sends unreserved characters raw, as servers that do not decode need it', () => {
  const { authorization } = authenticate('f1b2-11aa_x.~', { kind: 'client_secret_basic', secret: 'a-b_c.d~' })
  expect(Buffer.from(authorization?.slice(6) ?? '', 'base64').toString()).toBe('f1b2-11aa_x.~:a-b_c.d~')
})

it('sends the secret in the body alone for client_secret_post', () => {
  expect(authenticate('app', { kind: 'client_secret_post', secret: 'a&b=c' })).toEqual({
    body: 'client_id=app&client_secret=a%26b%3Dc',
    authorization: null,
  })
})

it('sends the client id alone for a public client', () => {
  expect(authenticate('app', { kind: 'none' })).toEqual({ body: 'client_id=app', authorization: null })
})
