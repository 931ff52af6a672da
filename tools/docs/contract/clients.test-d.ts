// The clients alone, in an app with sessions of its own.
import { createWinkClient, type WinkBrowserTransaction, type WinkIdentity } from '@latchkey/core-wink'
import { createWristbandClient, type WristbandIdentity, type WristbandTransaction } from '@latchkey/core-wristband'
import { expectTypeOf } from 'vitest'

const wink = createWinkClient({
  clientId: 'a',
  clientSecret: 'b',
  environment: { apiUrl: 'https://api.example', authUrl: 'https://auth.example' },
  returnUrls: ['https://app.example/wink'],
  cancelUrls: ['https://app.example/'],
})
const wristband = createWristbandClient({ clientId: 'a', clientSecret: 'b', applicationDomain: 'c.example' })

interface OwnSession {
  winkLogin?: WinkBrowserTransaction
  wristbandLogin?: WristbandTransaction
}

export async function beginInThePage(mine: OwnSession): Promise<{ sessionId: string; nonce: string }> {
  const urls = { returnUrl: 'https://app.example/wink', cancelUrl: 'https://app.example/' }
  const { sessionId, nonce, transaction } = await wink.startBrowserLogin(urls)
  mine.winkLogin = transaction
  return { sessionId, nonce }
}

export async function finishInThePage(mine: OwnSession, accessToken: string): Promise<string> {
  const identity = await wink.finishBrowserLogin({ accessToken }, mine.winkLogin ?? null)
  expectTypeOf(identity).toEqualTypeOf<WinkIdentity>()
  return identity.subject
}

export async function begin(mine: OwnSession): Promise<URL> {
  const { url, transaction } = await wristband.startLogin({
    tenant: { name: 'acme' },
    redirectUri: 'https://app.example/callback',
  })
  mine.wristbandLogin = transaction
  // What a session of the app keeps.
  mine.wristbandLogin = JSON.parse(JSON.stringify(transaction)) as WristbandTransaction
  return url
}

export async function finish(mine: OwnSession, callback: URL): Promise<WristbandIdentity | null> {
  const result = await wristband.finishLogin(callback, mine.wristbandLogin ?? null)
  // @ts-expect-error not before it is known that the login was completed
  result.identity satisfies WristbandIdentity
  if (result.kind === 'restart') return null
  expectTypeOf(result.identity).toEqualTypeOf<WristbandIdentity>()
  return result.identity
}

export async function refused(): Promise<void> {
  // @ts-expect-error where does it end?
  await wink.startBrowserLogin({ returnUrl: 'https://app.example/wink' })
  // @ts-expect-error a tenant has a name or a domain
  await wristband.startLogin({ tenant: 'acme', redirectUri: 'https://app.example/callback' })
  // @ts-expect-error the transaction of another vendor
  await wristband.finishLogin(new URL('https://app.example'), {} as WinkBrowserTransaction)
}
