import { createRequire } from 'node:module'
import { reference } from './reference.ts'

// Its build for `import` does not load in Node.
const require = createRequire(import.meta.url)

/** What is used of `@wristband/express-auth`; requests and responses are Express's. */
export interface OfficialAuth {
  login(request: object, response: object): Promise<string>
  callback(request: object, response: object): Promise<{ readonly callbackData: OfficialResult }>
}

interface OfficialResult {
  readonly accessToken: string
  readonly refreshToken: string
  readonly userinfo: Readonly<Record<string, unknown>>
}

/** The official SDK, with the same client as the others. */
export function createOfficialAuth(domain: string, redirectUri: string): OfficialAuth {
  const { createWristbandAuth } = require('@wristband/express-auth') as {
    createWristbandAuth(config: object): OfficialAuth
  }
  const { clientId, clientSecret, origin, secret } = reference
  return createWristbandAuth({
    clientId,
    clientSecret,
    loginStateSecret: secret,
    loginUrl: `${origin}/login`,
    redirectUri,
    scopes: ['openid', 'offline_access', 'email'],
    wristbandApplicationVanityDomain: domain,
  })
}
