// An app with every provider: who signs in, what joins, and what a session holds, without a cast.
import { type Auth, createAuth, createMemoryStore, createVault, type Session } from '@latchkey/core'
import { createWink, type WinkIdentity, winkProvider } from '@latchkey/core-wink'
import { createWiseSso, type WiseUser, wiseProvider } from '@latchkey/core-wise'
import { createWristband, type WristbandIdentity, wristbandProvider } from '@latchkey/core-wristband'
import { expectTypeOf } from 'vitest'

declare module '@latchkey/core' {
  interface SessionData {
    account?: { readonly number: string }
  }
}

/** The app's own record of which face belongs to which employee. */
declare const faces: { belongsTo(face: WinkIdentity, employee: WristbandIdentity): Promise<boolean> }

const vault = createVault({
  secrets: ['an-example-secret-of-32-bytes-or-more', 'an-older-example-secret-of-32-bytes'],
  store: createMemoryStore({ maxEntries: 1000 }),
})
const wristband = createWristband({
  clientId: 'your-client-id',
  clientSecret: 'an-example-secret',
  applicationDomain: 'invo-example.us.wristband.dev',
  tenantId: async (tenant) => ('name' in tenant ? tenant.name : null),
  vault,
})
const wink = createWink({ clientId: 'your-client-id', clientSecret: 'an-example-secret', environment: 'stage' })
const sso = createWiseSso({ whiteLabelUrl: 'learn.example', jwtTokenSecret: 'an-example-secret' })

export const auth: Auth = createAuth({
  baseUrl: ['https://invo.example', 'https://{tenant}.invo.example'],
  vault,
  session: { kind: 'cookie', idleSeconds: 1800 },
  providers: [
    wristbandProvider({ client: wristband, tenancy: { kind: 'subdomain' } }),
    winkProvider({ client: wink }),
    wiseProvider({ sso, resolveUser: ({ session }) => learnerOf(session), paths: ['/student/classes'] }),
  ],
  async onSignIn({ identity, current }) {
    expectTypeOf(identity).toEqualTypeOf<WristbandIdentity | WinkIdentity>()
    switch (identity.provider) {
      case 'wristband':
        return { kind: 'start', data: { account: { number: identity.subject } } }
      case 'wink': {
        expectTypeOf(identity.profile.tag).toEqualTypeOf<string | undefined>()
        const employee = current?.identities.wristband
        const known = employee !== undefined && (await faces.belongsTo(identity, employee))
        return known ? { kind: 'join' } : { kind: 'refuse', code: 'invo/other_face' }
      }
      default:
        return identity satisfies never
    }
  },
  onEvent(event) {
    if (event.type === 'sign_in.refused') expectTypeOf(event.at).toEqualTypeOf<number>()
  },
})

function learnerOf(session: Session | null): WiseUser | null {
  const person = session?.identities.wristband
  if (person === undefined) return null
  const teaches = person.profile.roles?.some(({ name }) => name === 'teacher') ?? false
  return {
    vendorUserId: person.subject,
    name: person.profile.name ?? 'Learner',
    profile: teaches ? 'teacher' : 'student',
  }
}

export async function openVault(request: Request): Promise<Response> {
  const grant = await auth.requireSession(request, { provider: 'wink', maxAgeSeconds: 300, evidence: ['auth_time'] })
  const { identities, data } = grant.session
  expectTypeOf(identities.wink).toEqualTypeOf<WinkIdentity | undefined>()
  expectTypeOf(identities.wristband?.tenant?.id).toEqualTypeOf<string | undefined>()
  expectTypeOf(data.account?.number).toEqualTypeOf<string | undefined>()
  return new Response(null, { headers: grant.headers.map(([name, value]) => [name, value]) })
}

export async function report(request: Request): Promise<string> {
  const grant = await auth.requireEither(request, { session: {}, bearer: { subject: 'any', scopes: ['reports:read'] } })
  return grant.kind === 'session' ? grant.session.id : grant.bearer.subject
}

export async function callVendor(request: Request): Promise<string | undefined> {
  const { credentials, headers } = await auth.credentials(request, 'wristband')
  expectTypeOf(headers).toEqualTypeOf<readonly (readonly [name: string, value: string])[]>()
  return credentials.accessToken
}

export async function choose(request: Request): Promise<void> {
  await auth.update(request, { account: { number: '7' } })
  // @ts-expect-error no such data
  await auth.update(request, { acount: { number: '7' } })
  // @ts-expect-error data of another shape
  await auth.update(request, { account: 7 })
}

export async function refused(request: Request): Promise<void> {
  // @ts-expect-error a provider that is not installed
  await auth.requireSession(request, { provider: 'winkk' })
  // @ts-expect-error a provider that signs nobody in
  await auth.requireSession(request, { provider: 'wise' })
  // @ts-expect-error an unknown requirement
  await auth.requireSession(request, { maxAge: 300 })
  // @ts-expect-error evidence that does not exist
  await auth.requireSession(request, { evidence: ['amr'] })
  // @ts-expect-error a requirement of the other kind
  await auth.requireBearer(request, { maxAgeSeconds: 300 })
  // @ts-expect-error a kind of holder that does not exist
  await auth.requireBearer(request, { subject: 'robot' })
  // @ts-expect-error only one of the two
  await auth.requireEither(request, { session: {} })
  // @ts-expect-error a provider that is not installed
  await auth.credentials(request, 'acme')
}

export async function changed(request: Request): Promise<void> {
  const { session } = await auth.requireSession(request)
  // @ts-expect-error who is signed in is not for the app to change
  session.identities.wristband = undefined
  // @ts-expect-error nor is when it ends
  session.expiresAt = 0
}

// No tokens: these names are all.
expectTypeOf<keyof Session>().toEqualTypeOf<'id' | 'createdAt' | 'expiresAt' | 'primary' | 'identities' | 'data'>()
expectTypeOf<keyof WristbandIdentity>().toEqualTypeOf<
  'provider' | 'issuer' | 'subject' | 'tenant' | 'signedInAt' | 'authenticatedAt' | 'evidence' | 'profile'
>()
