import type { AuthTimeSource } from '@latchkey/core'

const sentences: Readonly<Record<AuthTimeSource, string>> = {
  auth_time: 'signed by the system: the token says when (auth_time)',
  acr: 'signed by the system: the token says how (acr)',
  requested: 'a login that we forced: this is when it began',
}

/** What the time of a proof rests on, for users. */
export function evidenceSentence(authTimeSource: AuthTimeSource | undefined): string {
  return authTimeSource === undefined ? 'nothing says when: silent single sign-on' : sentences[authTimeSource]
}
