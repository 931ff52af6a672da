import { generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { payload, reference } from '../groups/reference.ts'
import type { Start } from './app-process.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const path = '/api/v1/oauth2'
const user = { ...payload.claims, iss: undefined }

function jwt(typ: string, claims: object): string {
  const encoded = [{ alg: 'RS256', typ, kid: 'key-1' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  const input = encoded.join('.')
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
}

/** A code holds the nonce of its login, so that nothing is remembered here. */
async function tokens(request: IncomingMessage, iss: string): Promise<object> {
  const code = new URLSearchParams(await text(request)).get('code') ?? ''
  const { nonce } = JSON.parse(Buffer.from(code, 'base64url').toString()) as { nonce?: string }
  const iat = Math.floor(Date.now() / 1000)
  const common = { iss, sub: user.sub, tnt_id: user.tnt_id, iat, exp: iat + 3600 }
  const jti = crypto.randomUUID().padEnd(450, '0')
  return {
    token_type: 'Bearer',
    expires_in: 3600,
    access_token: jwt('at+jwt', { ...common, client_id: reference.clientId, sub_kind: 'user', jti }),
    refresh_token: payload.refreshToken,
    id_token: jwt('JWT', { ...common, aud: reference.clientId, nonce }),
    scope: 'openid offline_access email',
  }
}

/** A provider on https: discovery, keys, tokens and userinfo. It has no pages: a code is made by who needs one. */
export const apps: Readonly<Record<string, Start>> = {
  async vendor(certificate) {
    const answer = async (request: IncomingMessage, origin: string): Promise<object | undefined> => {
      switch (request.url) {
        case '/.well-known/openid-configuration':
          return {
            issuer: origin,
            authorization_endpoint: `${origin}${path}/authorize`,
            token_endpoint: `${origin}${path}/token`,
            userinfo_endpoint: `${origin}${path}/userinfo`,
            jwks_uri: `${origin}${path}/jwks`,
            response_types_supported: ['code'],
            id_token_signing_alg_values_supported: ['RS256'],
            token_endpoint_auth_methods_supported: ['client_secret_basic'],
            code_challenge_methods_supported: ['S256'],
            subject_types_supported: ['public'],
          }
        case `${path}/jwks`:
          return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256', use: 'sig' }] }
        case `${path}/token`:
          return tokens(request, origin)
        case `${path}/userinfo`:
          return user
        default:
          return undefined
      }
    }
    const server = createServer({ ...certificate, keepAliveTimeout: 60_000 }, (request, response) => {
      const { port } = server.address() as AddressInfo
      void answer(request, `https://${reference.domain}:${port}`).then((body) => {
        const bytes = Buffer.from(JSON.stringify(body ?? {}))
        const headers = {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          'content-length': bytes.length,
        }
        response.writeHead(body === undefined ? 404 : 200, headers).end(bytes)
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { port: (server.address() as AddressInfo).port }
  },
}
