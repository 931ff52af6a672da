import type { AuthTimeSource } from '@latchkey/core'

const sentences: Readonly<Record<AuthTimeSource, string>> = {
  auth_time: 'the time that the system signed into the token (auth_time)',
  acr: 'the level of authentication that the system signed into the token (acr)',
  requested: 'the app forced this login: the time is when it began',
}

/** What the time of an authentication is based on, in words. */
export function authTimeSourceText(source: AuthTimeSource | undefined): string {
  return source === undefined ? 'no time is known: silent single sign-on' : sentences[source]
}
