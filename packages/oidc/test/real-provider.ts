import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestAnswer, TestBrowser } from '@latchkey/testkit'
import Provider from 'oidc-provider'
import { appOrigin } from './app.ts'

/** npm `oidc-provider` on a loopback socket, with discovery. */
export interface RealProvider {
  readonly issuer: string
  /** Signs a user in at the provider's own pages, from our login route to the answer of our callback. */
  signIn(browser: TestBrowser, login?: string): Promise<TestAnswer>
  /** Ends the user's session at the provider, as its own page does, and gives what sends the browser back. */
  endSession(browser: TestBrowser, url: URL): Promise<TestAnswer>
  close(): Promise<void>
}

/** Starts it with clients by their id. `configuration` and `features` are further ones of `oidc-provider`. */
export async function startRealProvider(
  clients: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  configuration: Readonly<Record<string, unknown>> = {},
  features: Readonly<Record<string, unknown>> = {},
): Promise<RealProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
  const provider = new Provider(issuer, {
    clients: Object.entries(clients).map(([id, client]) => ({
      client_id: id,
      redirect_uris: [`${appOrigin}/auth/google/callback`],
      post_logout_redirect_uris: [`${appOrigin}/auth/logout/next`],
      grant_types: ['authorization_code', 'refresh_token'],
      ...client,
    })),
    cookies: { keys: ['an-example-key-of-a-test'] },
    jwks: { keys: [{ ...jwk, kid: 'key-1', alg: 'RS256', use: 'sig' }] },
    claims: { openid: ['sub', 'sid'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `${id} of the tests`, email: `${id}@example.com`, email_verified: true }),
    }),
    // Due for a refresh after 10 seconds, at an app whose clock is ahead.
    ttl: { AccessToken: 65 },
    clockTolerance: 30,
    pkce: { required: () => true },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: true },
      revocation: { enabled: true },
      backchannelLogout: { enabled: true },
      ...features,
    },
    ...configuration,
  })
  server.on('request', provider.callback())
  const isOurs = ({ origin }: URL): boolean => origin === appOrigin
  /** Sends the form of a page, and follows to the next page or to the app. */
  async function answerPage(browser: TestBrowser, page: TestAnswer, fields: Readonly<Record<string, string>>) {
    if (page.location !== null) return page
    return browser.follow(await browser.submit(page.url, fields), isOurs)
  }
  return {
    issuer,
    async signIn(browser, login = '/auth/google/login') {
      const loginPage = await browser.follow(await browser.open(login), isOurs)
      const password = 'an-example-password'
      const consentPage = await answerPage(browser, loginPage, { prompt: 'login', login: 'ada', password })
      const { location } = await answerPage(browser, consentPage, { prompt: 'consent' })
      if (location === null) throw new Error('stayed at the provider')
      return browser.open(location)
    },
    async endSession(browser, url) {
      const page = await browser.open(url)
      const [, action = '', xsrf = ''] = /action="([^"]+)"[\s\S]*name="xsrf" value="([^"]+)"/.exec(page.text) ?? []
      return browser.submit(action, { xsrf, logout: 'yes' }, { from: url })
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
