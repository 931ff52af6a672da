import type { DemoEnvironment } from './environment.ts'

/** What a page needs for Wink's SDK. Nothing of it is secret. */
export interface WinkSettings {
  readonly clientId: string
  /** Where Wink's login pages are, without `/realms/…`. */
  readonly authUrl: string
}

/** What pages are told about Wink. */
export function winkSettings({ wink: { clientId, authUrl } }: DemoEnvironment): WinkSettings {
  return { clientId, authUrl }
}

/** The callback page of Wink's SDK. */
export const winkCallbackPath = '/wink/callback'

/** What the policy of a page that uses Wink's SDK allows more: Wink's host, and our own page in the frame. */
export function winkDirectives({ wink: { authUrl } }: DemoEnvironment): readonly string[] {
  const { origin } = new URL(authUrl)
  return [`connect-src 'self' ${origin}`, `frame-src 'self' ${origin}`]
}

/** What the policy of the callback page allows more: it redeems the code at Wink, and opens no frame. */
export function winkCallbackDirectives({ wink: { authUrl } }: DemoEnvironment): readonly string[] {
  return [`connect-src 'self' ${new URL(authUrl).origin}`]
}
