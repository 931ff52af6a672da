/** A fetch that remembers what went over the wire, to compare with what must not be seen anywhere else. */
export interface WireTap {
  readonly fetch: typeof globalThis.fetch
  /** Each secret that was sent or received, with the name of its field. */
  secrets(): ReadonlyMap<string, string>
  /** The whole text of the last request, headers and body: what a vendor might echo. */
  lastRequest(): string
}

const secretFields = new Set(
  'access_token refresh_token id_token code code_verifier client_secret clientsecret accesstoken sessionid'.split(' '),
)

/** Opens a tap on the real fetch. */
export function openWireTap(): WireTap {
  const secrets = new Map<string, string>()
  let lastRequest = ''

  // The first name counts: an access token is also what some requests are authorised by.
  const keep = (name: string, value: string): void => {
    if (value !== '' && !secrets.has(value)) secrets.set(value, name)
  }
  const note = (text: string): void => {
    for (const [name, value] of fieldsOf(text)) if (secretFields.has(name.toLowerCase())) keep(name, value)
  }
  return {
    secrets: () => secrets,
    lastRequest: () => lastRequest,
    async fetch(input, init) {
      const request = new Request(input, init)
      const sent = await request.clone().text()
      const authorization = request.headers.get('authorization')
      lastRequest = `${JSON.stringify([...request.headers])} ${sent}`
      note(sent)
      if (authorization !== null) keep('authorization', authorization.slice(authorization.indexOf(' ') + 1))
      const response = await fetch(request)
      const received = await response.text()
      note(received)
      return new Response(received === '' ? null : received, response)
    },
  }
}

/** The members of a JSON object or the fields of a form. */
function fieldsOf(text: string): Iterable<readonly [string, string]> {
  try {
    const members = Object.entries(JSON.parse(text) as Record<string, unknown>)
    return members.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))
  } catch {
    return new URLSearchParams(text)
  }
}
