import { authorizationRequest, createOidcClient, exchangeCode, type OidcTokens } from '@latchkey/oidc'
import { type CertifiedProvider, startCertifiedProvider } from '@latchkey/tool-test-support/certified-provider'
import type { Clock } from '../clock.ts'
import { openBrowser } from '../open-browser.ts'
import { createWristbandAuth } from '../party/latchkey-party.ts'
import { appOrigin, registration, user } from '../provider/registration.ts'
import type { Figure } from './figure.ts'
import { startGuardedApp } from './guarded-app.ts'

const lifetimeSeconds = 1800

const startProvider = (): Promise<CertifiedProvider> =>
  startCertifiedProvider({
    client: {
      id: registration.clientId,
      secret: registration.clientSecret,
      redirectUri: registration.redirectUris[0],
    },
    account: { sub: user.subject, tnt_id: user.tenantId, name: user.name },
  })

/** What refresh does to a provider that detects reuse, and what requests that each refresh for themselves do to it. */
export async function certifiedFigures(): Promise<readonly Figure[]> {
  return [await shared(), await eachForItself()]
}

async function shared(): Promise<Figure> {
  const clock: Clock = { now: Math.floor(Date.now() / 1000) }
  const provider = await startProvider()
  const app = await startGuardedApp(createWristbandAuth({ provider, clock }))
  const browser = app.browser()
  await app.signIn(browser)
  const good: number[] = []
  for (let round = 0; round < 3; round++) {
    clock.now += lifetimeSeconds
    good.push(await app.ask(browser, 100))
  }
  const { refreshes } = provider
  await app.close()
  await provider.close()
  return {
    name: 'npm oidc-provider (rotation, reuse detection): 100 requests at once, three times over',
    counted: `${refreshes.good} token calls and ${refreshes.refused} refused, ${good.join(' + ')} good answers`,
    required: '3 token calls and 0 refused, 100 + 100 + 100 good answers',
    holds: refreshes.good === 3 && refreshes.refused === 0 && good.every((answers) => answers === 100),
  }
}

/** The control: without sharing, the provider revokes the whole sign-in. */
async function eachForItself(): Promise<Figure> {
  const provider = await startProvider()
  const { refreshToken = '' } = await signIn(provider)
  const answers = await Promise.all(Array.from({ length: 100 }, () => refresh(provider, refreshToken)))
  const winners = answers.filter((token) => token !== null)
  const survivors = await Promise.all(winners.map((token) => refresh(provider, token)))
  await provider.close()
  const alive = survivors.filter((token) => token !== null).length
  return {
    name: 'control: each of 100 requests refreshes for itself',
    counted: `${100 - winners.length} refused, ${alive} sign-ins alive`,
    required: 'some refused, 0 alive: the figure above can fail',
    holds: winners.length < 100 && alive === 0,
  }
}

async function signIn({ issuer, domain }: CertifiedProvider): Promise<OidcTokens> {
  const client = createOidcClient(
    {
      issuers: [issuer],
      authorizationEndpoint: `http://${user.tenant}.${domain}/api/v1/oauth2/authorize`,
      tokenEndpoint: `${issuer}/api/v1/oauth2/token`,
      jwksUri: `${issuer}/api/v1/oauth2/jwks`,
    },
    {
      clientId: registration.clientId,
      clientAuthentication: { kind: 'client_secret_basic', secret: registration.clientSecret },
    },
  )
  const [redirectUri] = registration.redirectUris
  const { url, transaction } = await authorizationRequest(client, { redirectUri, scopes: ['openid', 'offline_access'] })
  const browser = openBrowser(appOrigin)
  const { location } = await browser.follow(await browser.open(url), ({ origin }) => origin === appOrigin)
  const result = await exchangeCode(client, location ?? url, transaction)
  if (result.kind === 'refused') throw new Error(`the login was refused: ${result.error}`)
  return result.tokens
}

/** The new refresh token, or null. */
async function refresh({ issuer }: CertifiedProvider, refreshToken: string): Promise<string | null> {
  const pair = Buffer.from(`${registration.clientId}:${registration.clientSecret}`).toString('base64')
  const response = await fetch(`${issuer}/api/v1/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${pair}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
  })
  const { refresh_token: next = null } = (await response.json()) as { readonly refresh_token?: string }
  return response.ok ? next : null
}
