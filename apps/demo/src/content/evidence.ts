import type { Evidence } from '@latchkey/core'

const sentences: Readonly<Record<Evidence, string>> = {
  auth_time: 'signed by the system: the token says when (auth_time)',
  acr: 'signed by the system: the token says how (acr)',
  requested: 'a login that we forced: this is when it began',
}

/** What the time of a proof rests on, for people. */
export function evidenceSentence(evidence: Evidence | undefined): string {
  return evidence === undefined ? 'nothing says when: silent single sign-on' : sentences[evidence]
}
