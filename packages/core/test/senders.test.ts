import { describe, expect, it } from 'vitest'
import { createApp, refusalOf } from './app.ts'

const origins = {
  none: null,
  ours: 'https://app.example',
  trusted: 'https://trusted.example',
  'another port': 'https://app.example:8443',
  sibling: 'https://evil.app.example',
  'another site': 'https://evil.example',
  null: 'null',
} as const
const sites = ['absent', 'same-origin', 'same-site', 'cross-site', 'none'] as const

type OriginName = keyof typeof origins
type Site = (typeof sites)[number]

/** Who may read, and who may change something or open a socket: by what the browser says of the page that asks. */
const table: Readonly<Record<OriginName, Readonly<Record<Site, 'reads' | 'reads and changes' | 'nothing'>>>> = {
  none: {
    absent: 'reads',
    'same-origin': 'reads and changes',
    'same-site': 'reads',
    'cross-site': 'reads',
    none: 'reads and changes',
  },
  ours: {
    absent: 'reads and changes',
    'same-origin': 'reads and changes',
    'same-site': 'reads',
    'cross-site': 'reads',
    none: 'reads and changes',
  },
  trusted: {
    absent: 'reads and changes',
    'same-origin': 'reads and changes',
    'same-site': 'reads and changes',
    'cross-site': 'reads and changes',
    none: 'reads and changes',
  },
  'another port': {
    absent: 'nothing',
    'same-origin': 'reads and changes',
    'same-site': 'nothing',
    'cross-site': 'nothing',
    none: 'reads and changes',
  },
  sibling: {
    absent: 'nothing',
    'same-origin': 'reads and changes',
    'same-site': 'nothing',
    'cross-site': 'nothing',
    none: 'reads and changes',
  },
  'another site': {
    absent: 'nothing',
    'same-origin': 'reads and changes',
    'same-site': 'nothing',
    'cross-site': 'nothing',
    none: 'reads and changes',
  },
  null: {
    absent: 'nothing',
    'same-origin': 'reads and changes',
    'same-site': 'nothing',
    'cross-site': 'nothing',
    none: 'reads and changes',
  },
}

const kinds = [
  { kind: 'a GET', method: 'GET', headers: {}, changes: false },
  { kind: 'a POST', method: 'POST', headers: {}, changes: true },
  { kind: 'a WebSocket', method: 'GET', headers: { upgrade: 'websocket', connection: 'Upgrade' }, changes: true },
  { kind: 'a CONNECT', method: 'CONNECT', headers: {}, changes: true },
] as const

const cases = kinds.flatMap((kind) =>
  (Object.keys(origins) as OriginName[]).flatMap((from) => sites.map((site) => ({ ...kind, from, site }))),
)

describe('a request as the user', async () => {
  const app = createApp({ trustedOrigins: ['https://trusted.example'] })
  const browser = app.browser()
  await browser.signIn({ tokens: { accessToken: 'canary' } })

  it.each(cases)('by $kind with the origin $from and the site $site sees what the table says', async (sent) => {
    const headers: Record<string, string> = { cookie: browser.header(), ...sent.headers }
    const origin = origins[sent.from]
    if (origin !== null) headers.origin = origin
    if (sent.site !== 'absent') headers['sec-fetch-site'] = sent.site
    const request = {
      method: sent.method,
      url: 'https://app.example/api/me',
      headers: { get: (name: string) => headers[name] ?? null },
    }
    const verdict = table[sent.from][sent.site]
    const isHeard = sent.changes ? verdict === 'reads and changes' : verdict !== 'nothing'
    const expected = isHeard ? 'not refused' : 'core/cross_origin'

    const { session } = await app.auth.getSession(request)
    expect(session?.user.subject ?? null).toBe(isHeard ? 'ada' : null)
    expect(await refusalOf(app.auth.requireSession(request))).toBe(expected)
    expect(await refusalOf(app.auth.requireSessionOrBearer(request, { session: {}, bearer: {} }))).toBe(expected)
    expect(await refusalOf(app.auth.getAccessToken(request, 'acme'))).toBe(expected)
    expect(await refusalOf(app.auth.updateSession(request, { theme: 'dark' }))).toBe(expected)
    expect(await refusalOf(app.auth.requireSession(request, { crossOrigin: 'allow' }))).toBe('not refused')
    if (sent.method !== 'GET') return
    const answer = await app.auth.handle(new Request('https://app.example/auth/session', { headers }))
    expect((await answer.json()).signedIn).toBe(isHeard)
  })
})
