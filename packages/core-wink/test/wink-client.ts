import { createWinkClient, type WinkClient, type WinkClientOptions } from '../src/index.ts'
import { clientId, clientSecret, now, type WinkStandIn } from './wink-stand-in.ts'

export const redirectUri = 'https://app.example.com/auth/wink/callback'
export const cancelUrl = 'https://app.example.com/auth/wink/cancel'

/** A client of the stand-in whose clock stands still. */
export function clientOf(wink: WinkStandIn, options: Partial<WinkClientOptions> = {}): WinkClient {
  return createWinkClient({
    clientId,
    clientSecret,
    environment: { apiUrl: wink.url, authUrl: wink.url },
    returnUrls: [redirectUri],
    cancelUrls: [cancelUrl],
    clock: () => now,
    ...options,
  })
}
