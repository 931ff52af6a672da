// Checked by tsc alone: how `winkProvider` gets its client, and what may be kept of a login between two requests.
import type { InstalledProvider, JsonObject, ProviderName, Tokens } from '@latchkey/core'
import { createWinkClient, type WinkIdentity, type WinkProviderOptions, winkProvider } from '../src/index.ts'

const own = { clientId: 'an-example-client-id', clientSecret: 'an-example-secret', environment: 'stage' } as const
const client = createWinkClient({ ...own, returnUrls: undefined, storeTokens: undefined, clock: undefined })

export const accepted: readonly WinkProviderOptions[] = [
  { client },
  { ...own },
  { ...own, client: undefined, flows: undefined, clockToleranceSeconds: 0 },
  { client, flows: ['server', 'browser'], clientId: undefined },
]

/** Wink can be installed, and signs users in. */
export const installed: InstalledProvider = winkProvider({ client })
export const name: ProviderName = 'wink'

// @ts-expect-error a client and options of one
export const both: WinkProviderOptions = { client, storeTokens: true }
// @ts-expect-error neither
export const neither: WinkProviderOptions = { flows: ['server'] }
// @ts-expect-error half of the options
export const half: WinkProviderOptions = { clientId: 'a', clientSecret: 'b' }
// @ts-expect-error no such flow
export const popup: WinkProviderOptions = { client, flows: ['popup'] }

/** What is kept is plain JSON, wherever an app keeps it. */
export async function finish(callback: URL, kept: JsonObject | null): Promise<WinkIdentity | null> {
  const result = await client.finishLogin(callback, kept)
  if (result.kind !== 'completed') return null
  const tokens: Tokens | null = result.tokens
  return tokens === null ? client.finishBrowserLogin({ accessToken: '', idToken: undefined }, kept) : result.identity
}

export const started: Promise<{ url: URL; id: string; transaction: JsonObject }> = client.startLogin({
  redirectUri: 'https://app.example.com/auth/wink/callback',
  cancelUrl: 'https://app.example.com/',
  returnTo: undefined,
  state: undefined,
  allowSso: undefined,
})
