import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export const clientId = 'example-client'
export const clientSecret = 'an-example-secret-of-the-client'

/** npm's `oidc-provider`, certified: it rotates refresh tokens and, on seeing one again, revokes the whole grant. */
export interface CertifiedProvider {
  readonly tokenUrl: string
  /** How many requests came to the token endpoint. */
  calls(): number
  /** Told when the token endpoint has been asked and has decided, 200 ms before it answers. */
  onDecided(listener: () => void): void
  /** A refresh token of somebody who has signed in. */
  issue(): Promise<string>
  close(): Promise<void>
}

const answerMilliseconds = 200

export async function startCertifiedProvider(): Promise<CertifiedProvider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const scope = 'openid offline_access'
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: ['https://app.example/callback'],
      },
    ],
    scopes: scope.split(' '),
    findAccount: (_context: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    rotateRefreshToken: () => true,
    ttl: { Grant: 86_400, RefreshToken: 86_400, AccessToken: 1800, IdToken: 1800 },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['an-example-key-of-a-test'] },
  })
  let calls = 0
  let listener = (): void => {}
  provider.use(async (_context, next) => {
    calls++
    await next()
    listener()
    await new Promise((resolve) => setTimeout(resolve, answerMilliseconds))
  })
  server.on('request', provider.callback())

  return {
    tokenUrl: `${issuer}/token`,
    calls: () => calls,
    onDecided(told) {
      listener = told
    },
    async issue() {
      const grant = new provider.Grant({ clientId, accountId: 'ada' })
      grant.addOIDCScope(scope)
      const grantId = await grant.save()
      const client = await provider.Client.find(clientId)
      const token = new provider.RefreshToken({
        client,
        accountId: 'ada',
        grantId,
        gty: 'authorization_code',
        scope,
        authTime: Math.floor(Date.now() / 1000),
      })
      return token.save()
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
