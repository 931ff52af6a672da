import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sessionCookies } from '../src/auth.ts'
import { type CertifiedProvider, openCertifiedProvider } from './certified-provider.ts'
import { callbackOf, type RunningDemo, startRunningDemo } from './running-demo.ts'
import { openVisitor, setCookiesOf, type Visit, type Visitor } from './visitor.ts'

let provider: CertifiedProvider
let demo: RunningDemo
let visitor: Visitor

beforeAll(async () => {
  provider = await openCertifiedProvider()
  demo = await startRunningDemo(provider.variables)
  provider.serve(demo.url)
})
afterAll(async () => {
  await demo?.close()
  await provider?.close()
})
beforeEach(() => {
  visitor = openVisitor(demo)
})

const begin = (): Promise<Visit> => visitor.visit(`${demo.url}/auth/wristband/login?tenant_name=acme`)
const signIn = async (): Promise<Visit> => visitor.visit(await callbackOf(visitor, await begin(), 'ada'))
const me = (): Promise<Visit> => visitor.visit(`${demo.url}/api/me`)

describe('the Fastify server, with oidc-provider for Wristband', () => {
  it('signs in at the host of the tenant and shows name and tenant', async () => {
    const start = await begin()
    expect(start.location?.host).toBe(`acme.${provider.host}`)
    const signedIn = await signIn()
    expect([signedIn.status, signedIn.location?.href]).toEqual([303, `${demo.url}/`])
    expect(setCookiesOf(signedIn)).toContain(sessionCookies.Fastify)

    expect(JSON.parse((await me()).text)).toMatchObject({
      user: { provider: 'wristband', subject: 'ada.acme' },
      identities: {
        wristband: {
          issuer: `http://${provider.host}`,
          subject: 'ada.acme',
          tenant: { id: 'tenant-id-of-acme', name: 'acme' },
          authenticatedAt: expect.any(Number),
          profile: { name: 'Certified ada of acme' },
        },
      },
    })
    expect((await visitor.visit(demo.url)).text).toContain('Certified ada of acme, tenant acme')
  })

  it('is called at the host of the application alone', async () => {
    await signIn()
    const byServer = provider.requests.filter((line) => line.includes(` ${provider.host} `))
    expect(new Set(byServer)).toEqual(
      new Set([
        `POST ${provider.host} /api/v1/oauth2/token`,
        `GET ${provider.host} /api/v1/oauth2/jwks`,
        `GET ${provider.host} /api/v1/oauth2/userinfo`,
      ]),
    )
  })

  it('signs out here and there', async () => {
    await signIn()
    const silent = await visitor.follow(await begin())
    expect(silent.url.href).toBe(`${demo.url}/`)

    const signOut = await visitor.visit(`${demo.url}/auth/logout`, { form: {} })
    expect(signOut.location?.host).toBe(`acme.${provider.host}`)
    expect(signOut.location?.pathname).toBe('/api/v1/logout')
    expect((await me()).status).toBe(401)
    expect((await visitor.follow(signOut)).url.href).toBe(`${demo.url}/`)

    const asked = await visitor.follow(await begin())
    expect([asked.url.host, asked.text]).toEqual([`acme.${provider.host}`, expect.stringContaining('Who is it?')])
  })

  it.each(['globex', 'acme'])('refuses a code of globex in a login for acme, called one of %s', async (name) => {
    const start = await begin()
    const elsewhere = new URL(start.location ?? '')
    elsewhere.hostname = 'globex.localhost'
    const callback = await callbackOf(visitor, { ...start, location: elsewhere }, 'gina')
    expect(callback.searchParams.get('tenant_name')).toBe('globex')
    callback.searchParams.set('tenant_name', name)
    const refused = await visitor.visit(callback)
    expect(refused.location?.searchParams.get('code')).toBe('wristband/tenant_mismatch')
    expect(setCookiesOf(refused)).toEqual([])
    expect((await me()).status).toBe(401)
  })
})
