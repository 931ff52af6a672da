/** As much of a browser as a login needs: it keeps cookies, follows redirects and sends forms of one origin. */
export interface Browser {
  /** Opens a URL and follows redirects until one leaves the origin, or a page is shown. */
  open(url: URL, form?: Readonly<Record<string, string>>): Promise<Page>
}

export interface Page {
  readonly url: URL
  readonly body: string
}

export function createBrowser(origin: string): Browser {
  const cookies = new Map<string, string>()
  return {
    async open(url, form) {
      let at = url
      let body = form && new URLSearchParams(form)
      while (at.origin === origin) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
        const response = await fetch(at, {
          method: body ? 'POST' : 'GET',
          headers: { cookie },
          redirect: 'manual',
          ...(body && { body }),
        })
        for (const line of response.headers.getSetCookie()) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
          if (name !== undefined && value !== undefined) cookies.set(name, value)
        }
        const location = response.headers.get('location')
        if (location === null) return { url: at, body: await response.text() }
        at = new URL(location, at)
        body = undefined
      }
      return { url: at, body: '' }
    },
  }
}
