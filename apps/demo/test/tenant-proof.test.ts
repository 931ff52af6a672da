import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectRefusedSignIn, problemCode, sessionOf } from './answers.ts'
import {
  callbackOf,
  type RunningDemo,
  reachWristbandCallback,
  signInWithWristband,
  startRunningDemo,
} from './running-demo.ts'
import { tenantNames } from './vectors.ts'
import { openVisitor, setCookiesOf, type Visit, type Visitor } from './visitor.ts'

let demo: RunningDemo
let visitor: Visitor
/** Every URL that the app asked for, of any host. */
let asked: string[]

const recordingFetch: typeof fetch = (input, init) => {
  asked.push(input instanceof Request ? input.url : String(input))
  return fetch(input, init)
}
const asProgram = (url: string | URL): Promise<Visit> => visitor.visit(url, { asProgram: true })
const login = (query: string): Promise<Visit> => asProgram(`${demo.url}/auth/wristband/login?${query}`)
const loginAt = (tenant: string): Promise<Visit> => login(String(new URLSearchParams({ tenant_name: tenant })))
const callsTo = (...endpoints: ('token' | 'userinfo')[]): number[] =>
  endpoints.map((endpoint) => demo.emulator.wristband.journal.count(endpoint))

/** The callback of a login for acme, after its visitor sent the browser to the host of another tenant. */
async function callbackFromOtherTenant(): Promise<URL> {
  const start = await visitor.visit(`${demo.url}/auth/wristband/login?tenant_name=acme`)
  const location = new URL(start.location ?? '')
  location.hostname = 'evil.localhost'
  return callbackOf(visitor, { ...start, location }, 'mallory')
}

function withTenantName(callback: URL, name: string | null): URL {
  const changed = new URL(callback)
  changed.searchParams.delete('tenant_name')
  if (name !== null) changed.searchParams.set('tenant_name', name)
  return changed
}

beforeEach(async () => {
  asked = []
  demo = await startRunningDemo({}, { fetch: recordingFetch })
  visitor = openVisitor(demo)
})
afterEach(() => demo.close())

describe('a code of another tenant', () => {
  const expectMismatch = async (callback: URL): Promise<void> => {
    expectRefusedSignIn(demo, await asProgram(callback), 'wristband/tenant_mismatch')
    expect((await sessionOf(demo, visitor)).signedIn).toBe(false)
    expect(visitor.cookies.names()).toEqual([])
  }

  it('is refused by the name that Wristband says, before it is redeemed', async () => {
    await expectMismatch(await callbackFromOtherTenant())
    expect(callsTo('token', 'userinfo')).toEqual([0, 0])
  })

  it.each(['acme', null])(
    'is refused by the tokens where the callback says %s, and no one is asked who it is',
    async (name) => {
      await expectMismatch(withTenantName(await callbackFromOtherTenant(), name))
      expect(callsTo('token', 'userinfo')).toEqual([1, 0])
    },
  )

  it('is refused when it comes back from the right host', async () => {
    demo.emulator.wristband.codeOfTenant('evil')
    await expectMismatch(await reachWristbandCallback(demo, visitor))
    expect(callsTo('token', 'userinfo')).toEqual([1, 0])
  })

  it('is refused when it is of the other tenant that the app knows', async () => {
    demo.emulator.wristband.codeOfTenant('globex')
    await expectMismatch(await reachWristbandCallback(demo, visitor))
  })

  it('is refused by userinfo where the access token does not name the tenant', async () => {
    demo.emulator.wristband.codeOfTenant('evil')
    demo.emulator.wristband.mutateAccessToken(({ header, claims: { tnt_id: _, ...claims } }) => ({ header, claims }))
    await expectMismatch(await reachWristbandCallback(demo, visitor))
    expect(callsTo('token', 'userinfo')).toEqual([1, 1])
  })

  it('leaves the session of whoever is signed in as it is', async () => {
    await signInWithWristband(demo, visitor)
    const session = await sessionOf(demo, visitor)
    demo.emulator.wristband.codeOfTenant('evil')
    const callback = await reachWristbandCallback(demo, visitor)
    expectRefusedSignIn(demo, await asProgram(callback), 'wristband/tenant_mismatch')
    expect(await sessionOf(demo, visitor)).toEqual(session)
  })

  it('sends a user on a page to the page that says so', async () => {
    demo.emulator.wristband.codeOfTenant('evil')
    const answer = await signInWithWristband(demo, visitor)
    expect(answer.location?.href).toBe(`${demo.url}/error?code=wristband%2Ftenant_mismatch`)
    expect((await visitor.follow(answer)).text).toContain('another company')
  })
})

it.each(['globex', 'evil', 'ACME.', '', 'acme&tenant_name=globex'])(
  'refuses a callback whose tenant_name was edited to %j',
  async (name) => {
    const callback = withTenantName(await reachWristbandCallback(demo, visitor), name)
    expectRefusedSignIn(demo, await asProgram(callback), 'wristband/tenant_mismatch')
    expect(callsTo('token')).toEqual([0])
  },
)

it('refuses a callback that names its tenant twice', async () => {
  const callback = await reachWristbandCallback(demo, visitor)
  callback.searchParams.append('tenant_name', 'evil')
  expectRefusedSignIn(demo, await asProgram(callback), 'wristband/tenant_mismatch')
})

it('proves the tenant of an honest sign-in', async () => {
  await signInWithWristband(demo, visitor)
  const { acme } = demo.emulator.wristband.tenants
  expect((await sessionOf(demo, visitor)).identities['wristband']).toMatchObject({
    tenant: { id: acme.id, name: 'acme' },
  })
})

describe('the tenant at the login route', () => {
  const expectNothingMinted = (answer: Visit): void => {
    expect(answer.location).toBeNull()
    expect(setCookiesOf(answer)).toEqual([])
    expect(asked).toEqual([])
    expect([...demo.emulator.wristband.journal]).toEqual([])
  }

  it.each(['evil', 'nobody', 'constructor', 'tostring'])('refuses %s, whom the app does not know', async (name) => {
    const answer = await loginAt(name)
    expectRefusedSignIn(demo, answer, 'wristband/tenant_unknown')
    expectNothingMinted(answer)
  })

  it('refuses every name that is no label of a host', async () => {
    for (const name of tenantNames.reject) {
      const answer = await loginAt(name)
      expect([name, problemCode(answer)]).toEqual([name, 'wristband/tenant_name_invalid'])
      expect(answer.status).toBe(400)
      expectNothingMinted(answer)
    }
  })

  it.each(['tenant_name=%ff', 'tenant_name=%ed%a0%80', 'tenant_name=acme%00', 'tenant_name=%2e%2e%2fevil'])(
    'refuses %s, which is no text or none of a name',
    async (query) => {
      const answer = await login(query)
      expectRefusedSignIn(demo, answer, 'wristband/tenant_name_invalid')
      expectNothingMinted(answer)
    },
  )

  it('refuses two names', async () => {
    const answer = await login('tenant_name=acme&tenant_name=evil')
    expectRefusedSignIn(demo, answer, 'wristband/duplicate_parameter')
    expectNothingMinted(answer)
  })

  it('takes a name in any case, and the default where there is none', async () => {
    const { applicationDomain } = demo.emulator.wristband
    expect((await loginAt('ACME')).location?.host).toBe(`acme.${applicationDomain}`)
    expect((await login('')).location?.host).toBe(`acme.${applicationDomain}`)
  })
})

describe('an app that keeps no record of its tenants', () => {
  beforeEach(async () => {
    await demo.close()
    demo = await startRunningDemo({ WRISTBAND_TENANT_IDS: undefined }, { fetch: recordingFetch })
  })

  it('sends every good name to its own host, in lower case', async () => {
    const { applicationDomain } = demo.emulator.wristband
    const names = [...tenantNames.accept.map((name) => [name, name]), ...Object.entries(tenantNames.normalise)]
    for (const [given = '', host = ''] of names) {
      const { location } = await loginAt(given)
      expect([given, location?.origin]).toEqual([given, `http://${host}.${applicationDomain}`])
    }
  })

  it('refuses every bad name all the same', async () => {
    for (const name of tenantNames.reject) {
      expect([name, problemCode(await loginAt(name))]).toEqual([name, 'wristband/tenant_name_invalid'])
    }
    expect(asked).toEqual([])
  })

  it('refuses tokens and userinfo that do not agree', async () => {
    demo.emulator.wristband.mutateAccessToken('wrong-tenant')
    const callback = await reachWristbandCallback(demo, visitor)
    expectRefusedSignIn(demo, await asProgram(callback), 'wristband/tenant_mismatch')
    expect((await sessionOf(demo, visitor)).signedIn).toBe(false)
  })

  it('refuses a sign-in that proves no tenant at all', async () => {
    const { wristband } = demo.emulator
    wristband.mutateAccessToken(({ header, claims: { tnt_id: _, ...claims } }) => ({ header, claims }))
    wristband.mutateUserinfo(({ tnt_id: _, ...claims }) => claims)
    const callback = await reachWristbandCallback(demo, visitor)
    expectRefusedSignIn(demo, await asProgram(callback), 'wristband/tenant_missing')
  })
})
