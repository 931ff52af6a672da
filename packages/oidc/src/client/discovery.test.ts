import { createVendorReports } from '@latchkey/core/http'
import { describe, expect, it } from 'vitest'
import { wellKnownDocuments } from '../../test/well-known-documents.ts'
import { createDiscovery, type Discovery } from './discovery.ts'
import { readDiscoveryDocument } from './discovery-document.ts'

const issuer = 'https://login.example/realms/one'
const members = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'userinfo_endpoint',
  'revocation_endpoint',
  'end_session_endpoint',
  'pushed_authorization_request_endpoint',
] as const

function documentOf(changes: Readonly<Record<string, unknown>> = {}, base = 'https://login.example'): object {
  return { issuer, ...Object.fromEntries(members.map((name) => [name, `${base}/${name}`])), ...changes }
}

interface Served {
  readonly discovery: Discovery
  readonly calls: string[]
  readonly moved: string[]
  failures: number
  now: number
  /** What the next requests are answered with. */
  answer: () => Response
}

function serve(document: object = documentOf(), endpointOrigins?: readonly string[]): Served {
  const calls: string[] = []
  const moved: string[] = []
  const served = { calls, moved, failures: 0, now: 1_800_000_000, answer: () => Response.json(document) }
  const discovery = createDiscovery({
    issuer,
    endpointOrigins,
    fetch: async (url) => {
      calls.push(String(url))
      return served.answer()
    },
    clock: () => served.now,
    reports: createVendorReports(),
    onMoved: (endpoint) => moved.push(endpoint),
    onFailed: () => {
      served.failures++
    },
  })
  return Object.assign(served, { discovery })
}

async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => ({ code: 'not refused' }),
    (thrown: unknown) => thrown,
  )
  return (error as { code: string }).code
}

describe('discovery', () => {
  it('asks when it is first needed, once for all who wait, and then not for an hour', async () => {
    const served = serve()
    expect([served.calls, served.discovery.known()]).toEqual([[], null])
    const [one, two] = await Promise.all([served.discovery.read(), served.discovery.read()])
    expect(one).toBe(two)
    served.now += 3599
    expect(await served.discovery.read()).toBe(one)
    expect(served.calls).toEqual([`${issuer}/.well-known/openid-configuration`])
    served.now += 1
    expect(await served.discovery.read()).toBe(one)
    expect(served.calls).toHaveLength(2)
  })

  it.each([
    ['a redirect', () => Response.redirect('https://other.example/')],
    ['an error', () => new Response('no', { status: 500 })],
    ['no document', () => Response.json({}, { status: 404 })],
    ['a page', () => new Response('<p>', { headers: { 'content-type': 'text/html' } })],
    ['a document over 256 KiB', () => Response.json(documentOf({ padding: 'x'.repeat(256 * 1024) }))],
    ['nothing', () => Response.error()],
  ])('is unavailable for %s, and not asked again at once', async (_what, answer) => {
    const served = serve()
    served.answer = answer
    expect(await refusalOf(served.discovery.read())).toBe('oidc/metadata_unavailable')
    const { length } = served.calls
    expect(await refusalOf(served.discovery.read())).toBe('oidc/metadata_unavailable')
    expect(served.calls).toHaveLength(length)
    served.now += 10
    served.answer = () => Response.json(documentOf())
    expect((await served.discovery.read()).endpoints.token_endpoint).toBe('https://login.example/token_endpoint')
  })

  it('outlives an outage of 24 hours, and not more', async () => {
    const served = serve()
    const document = await served.discovery.read()
    served.answer = () => new Response(null, { status: 503 })
    served.now += 86_399
    expect(await served.discovery.read()).toBe(document)
    served.now += 1
    expect(await refusalOf(served.discovery.read())).toBe('oidc/metadata_unavailable')
    served.now += 60
    served.answer = () => Response.json(documentOf())
    expect(await served.discovery.read()).toBe(document)
    expect(served.failures).toBe(1)
  })

  it.each(members)('keeps to the document before where a newer one moves %s to another origin', async (name) => {
    const served = serve()
    const document = await served.discovery.read()
    served.answer = () => Response.json(documentOf({ [name]: 'https://evil.example/here' }))
    served.now += 3600
    expect(await served.discovery.read()).toBe(document)
    served.now += 86_400
    expect(await served.discovery.read()).toBe(document)
    expect(served.moved).toEqual([name, name])
  })

  it('takes a new endpoint only at an origin that it knows', async () => {
    const served = serve(documentOf({ revocation_endpoint: undefined }))
    await served.discovery.read()
    served.answer = () => Response.json(documentOf({ revocation_endpoint: 'https://evil.example/revoke' }))
    served.now += 3600
    expect((await served.discovery.read()).endpoints.revocation_endpoint).toBeUndefined()
    served.answer = () => Response.json(documentOf())
    served.now += 3600
    expect((await served.discovery.read()).endpoints.revocation_endpoint).toContain('login.example')
    expect(served.moved).toEqual(['revocation_endpoint'])
  })

  it('takes a newer path, and keeps a promise of `iss`', async () => {
    const served = serve(documentOf({ authorization_response_iss_parameter_supported: true }))
    expect((await served.discovery.read()).promisesIssuer).toBe(true)
    served.answer = () => Response.json(documentOf({ token_endpoint: 'https://login.example/v2/token' }))
    served.now += 3600
    expect(await served.discovery.read()).toMatchObject({
      promisesIssuer: true,
      endpoints: { token_endpoint: 'https://login.example/v2/token' },
    })
  })

  it('does not use a newer document that is bad', async () => {
    const served = serve()
    const document = await served.discovery.read()
    served.answer = () => Response.json(documentOf({ issuer: 'https://evil.example' }))
    served.now += 3600
    expect(await served.discovery.read()).toBe(document)
  })
})

describe('a discovery document', () => {
  const read = (document: unknown, endpointOrigins?: readonly string[]) =>
    readDiscoveryDocument(document, { issuer, endpointOrigins })

  const badEndpoints: readonly unknown[] = [
    'http://login.example/x',
    'https://user:password@login.example/x',
    'https://login.example/x#y',
    'http://localhost:6379/',
    'https://localhost./x',
    'https://app.localhost/x',
    'http://127.0.0.1:9200/x',
    'https://2130706433/x',
    'https://[::1]/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://169.254.169.254/latest',
    'https://10.0.0.1/token',
    'https://192.168.1.1/',
    'https://0/',
    'https://93.184.216.34/token',
    'https://[fe80::1]/x',
    'https://[2606:2800::1]/x',
    'https://redis/x',
    'https://printer.local/x',
    'https://vault.internal./x',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '/token',
    'https://login.example\\@evil.example/',
    ' https://login.example/x',
    42,
    { url: 'https://login.example' },
  ]

  it.each(members.flatMap((name) => badEndpoints.map((value) => [name, value] as const)))(
    'is refused whole for %s %j',
    (name, value) => {
      expect(() => read(documentOf({ [name]: value }))).toThrow(
        expect.objectContaining({ code: 'oidc/metadata_invalid', cause: { member: name } }),
      )
    },
  )

  it.each(['authorization_endpoint', 'token_endpoint', 'jwks_uri'])('is refused without %s', (name) => {
    for (const nothing of [undefined, null, '']) {
      expect(() => read(documentOf({ [name]: nothing }))).toThrow(
        expect.objectContaining({ code: 'oidc/metadata_invalid' }),
      )
    }
  })

  it('may leave out what is optional, also by null', () => {
    const { endpoints } = read(documentOf({ userinfo_endpoint: null, revocation_endpoint: undefined }))
    expect(Object.keys(endpoints).sort()).toEqual([
      'authorization_endpoint',
      'end_session_endpoint',
      'jwks_uri',
      'pushed_authorization_request_endpoint',
      'token_endpoint',
    ])
  })

  it('is refused where it requires what it does not offer, or what is not made here', () => {
    for (const [changes, member] of [
      [{ require_signed_request_object: true }, 'require_signed_request_object'],
      [
        { require_pushed_authorization_requests: true, pushed_authorization_request_endpoint: null },
        'pushed_authorization_request_endpoint',
      ],
    ] as const) {
      expect(() => read(documentOf(changes))).toThrow(
        expect.objectContaining({ code: 'oidc/metadata_invalid', cause: { member } }),
      )
    }
    for (const said of [false, null, undefined, 'true', 1]) {
      const document = documentOf({ require_signed_request_object: said, require_pushed_authorization_requests: said })
      expect(read(document).requiresPushedRequests).toBe(false)
    }
    expect(read(documentOf({ require_pushed_authorization_requests: true })).requiresPushedRequests).toBe(true)
  })

  it.each([
    'https://login.example/realms/one/',
    'https://login.example/realms/One',
    'https://login.example',
    'http://login.example/realms/one',
    undefined,
    null,
    [issuer],
  ])('of the issuer %j is another one', (said) => {
    expect(() => read(documentOf({ issuer: said }))).toThrow(
      expect.objectContaining({ code: 'oidc/metadata_issuer_mismatch' }),
    )
  })

  it('of a template names what to do', () => {
    const document = documentOf({ issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' })
    expect(() => read(document)).toThrow(
      expect.objectContaining({
        code: 'oidc/metadata_issuer_mismatch',
        hint: expect.stringContaining('one `oidcProvider` for each'),
      }),
    )
  })

  it.each([[], 'text', null, 42])('is no %j', (document) => {
    expect(() => read(document)).toThrow(expect.objectContaining({ code: 'oidc/metadata_invalid' }))
  })

  it('stays where `endpointOrigins` says', () => {
    expect(read(documentOf(), ['https://login.example']).endpoints.jwks_uri).toBe('https://login.example/jwks_uri')
    expect(() => read(documentOf({ jwks_uri: 'https://keys.example/' }), ['https://login.example'])).toThrow(
      expect.objectContaining({ cause: { member: 'jwks_uri' } }),
    )
  })

  it('of a loopback issuer may stay on loopback', () => {
    const local = 'http://127.0.0.1:4004'
    const document = { ...documentOf({}, local), issuer: local }
    const rules = { issuer: local, endpointOrigins: undefined }
    expect(readDiscoveryDocument(document, rules).endpoints.token_endpoint).toBe(`${local}/token_endpoint`)
    const other = { ...document, token_endpoint: 'https://10.0.0.1/token' }
    expect(() => readDiscoveryDocument(other, rules)).toThrow(
      expect.objectContaining({ code: 'oidc/metadata_invalid' }),
    )
  })

  it('of a private name may stay at that name', () => {
    const own = 'https://keycloak.internal/realms/one'
    const document = { ...documentOf({}, 'https://keycloak.internal'), issuer: own }
    const rules = { issuer: own, endpointOrigins: undefined }
    expect(readDiscoveryDocument(document, rules).endpoints.jwks_uri).toBe('https://keycloak.internal/jwks_uri')
    expect(() => readDiscoveryDocument({ ...document, jwks_uri: 'https://vault.internal/' }, rules)).toThrow(
      expect.objectContaining({ cause: { member: 'jwks_uri' } }),
    )
  })

  it.each(Object.entries(wellKnownDocuments))('in the shape of %s is read', (_name, document) => {
    const rules = { issuer: document.issuer, endpointOrigins: undefined }
    const { endpoints, signingAlgorithms } = readDiscoveryDocument(document, rules)
    expect(endpoints.token_endpoint).toBe(document.token_endpoint)
    expect(signingAlgorithms).toContain('RS256')
  })
})
