import type { Auth } from '@latchkey/core'

/** A browser of one user: keeps cookies, follows nothing by itself. */
export interface Browser {
  readonly cookies: Map<string, string>
  /** Opens a page of the app. */
  open(path: string): Promise<Response>
  /** Submits a form of the app. */
  submit(path: string, fields?: Record<string, string>): Promise<Response>
  hasSession(): Promise<boolean>
}

export function createBrowser(auth: Auth, origin: string): Browser {
  const cookies = new Map<string, string>()

  async function send(
    path: string,
    init: { method: string; body?: string; headers?: Record<string, string> },
  ): Promise<Response> {
    const request = new Request(new URL(path, origin), {
      ...init,
      headers: {
        'sec-fetch-dest': 'document',
        'sec-fetch-mode': 'navigate',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...init.headers,
      },
    })
    const response = await auth.handle(request)
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '' || /max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  return {
    cookies,
    open: (path) => send(path, { method: 'GET' }),
    submit: (path, fields = {}) =>
      send(path, {
        method: 'POST',
        body: new URLSearchParams(fields).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      }),
    async hasSession() {
      const summary: unknown = await (await send('/auth/session', { method: 'GET' })).json()
      return (summary as { signedIn: boolean }).signedIn
    },
  }
}
