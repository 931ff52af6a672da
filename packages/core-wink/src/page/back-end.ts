/** Our own routes, as a page calls them. */
export interface BackEnd {
  startSession(urls: { readonly returnUrl: string; readonly cancelUrl: string }): Promise<StartedSession | Refused>
  sendTokens(tokens: {
    readonly token?: string | undefined
    readonly idToken?: string | undefined
  }): Promise<null | Refused>
  endSession(returnUrl: string): Promise<{ readonly signOutUrl?: string } | Refused>
}

export interface StartedSession {
  readonly sessionId: string
  readonly nonce: string
}

export interface Refused {
  readonly kind: 'refused'
  readonly code: string
}

/** Whether our back end said no. */
export function isRefused(answer: object | null): answer is Refused {
  return answer !== null && 'kind' in answer && answer.kind === 'refused'
}

export function createBackEnd(urls: {
  readonly sessionUrl: string
  readonly tokenUrl: string
  readonly logoutUrl: string
}): BackEnd {
  return {
    startSession: (body) => post(urls.sessionUrl, body) as Promise<StartedSession | Refused>,
    sendTokens: ({ token = '', idToken = '' }) =>
      post(urls.tokenUrl, { accessToken: token, idToken }) as Promise<null | Refused>,
    endSession: (returnUrl) => post(urls.logoutUrl, { return_url: returnUrl }) as Promise<{ signOutUrl?: string }>,
  }
}

async function post(url: string, body: Readonly<Record<string, string>>): Promise<object | null> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), redirect: 'error' })
  const answer: unknown = response.status === 204 ? null : await response.json().catch(() => null)
  if (response.ok) return answer as object | null
  const code = (answer as { readonly code?: unknown } | null)?.code
  return { kind: 'refused', code: typeof code === 'string' ? code : 'unknown' } satisfies Refused
}
