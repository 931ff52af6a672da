// The client alone, in an app with sessions of its own; and options that no factory takes.
import { expectTypeOf } from 'vitest'
import { createWinkClient, type WinkBrowserTransaction, type WinkIdentity } from '../src/index.ts'

const wink = createWinkClient({
  clientId: 'a',
  clientSecret: 'b',
  environment: { apiUrl: 'https://api.example', authUrl: 'https://auth.example' },
  returnUrls: ['https://app.example/wink'],
  cancelUrls: ['https://app.example/'],
})

interface OwnSession {
  login?: WinkBrowserTransaction
}

export async function begin(mine: OwnSession): Promise<{ sessionId: string; nonce: string }> {
  const urls = { returnUrl: 'https://app.example/wink', cancelUrl: 'https://app.example/' }
  const { sessionId, nonce, transaction } = await wink.startBrowserLogin(urls)
  mine.login = transaction
  return { sessionId, nonce }
}

export async function finish(mine: OwnSession, accessToken: string): Promise<string> {
  const identity = await wink.finishBrowserLogin({ accessToken }, mine.login ?? null)
  expectTypeOf(identity).toEqualTypeOf<WinkIdentity>()
  return identity.subject
}

export async function refused(): Promise<void> {
  // @ts-expect-error where does it end?
  await wink.startBrowserLogin({ returnUrl: 'https://app.example/wink' })
}

// @ts-expect-error a host for each of two environments
createWinkClient({ clientId: 'a', clientSecret: 'b', environment: { apiUrl: 'https://api.example' } })
// @ts-expect-error no such environment
createWinkClient({ clientId: 'a', clientSecret: 'b', environment: 'test' })
