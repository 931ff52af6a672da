// An app with every provider: who signs in, what is linked, and what a session holds, without a cast.
import { type AnyIdentity, type Auth, createAuth, createMemoryStore, type Session } from '@latchkey/core'
import { createWinkClient, type WinkIdentity, winkProvider } from '@latchkey/core-wink'
import { createWiseClient, type WiseUser, wiseProvider } from '@latchkey/core-wise'
import { createWristbandClient, type WristbandIdentity, wristbandProvider } from '@latchkey/core-wristband'
import { expectTypeOf } from 'vitest'

declare module '@latchkey/core' {
  interface SessionData {
    account?: { readonly number: string }
  }
}

/** The app's own record of which face belongs to which employee. */
declare const faces: { belongsTo(face: WinkIdentity, employee: WristbandIdentity): Promise<boolean> }

const wristband = createWristbandClient({
  clientId: 'your-client-id',
  clientSecret: 'an-example-secret',
  applicationDomain: 'invo-example.us.wristband.dev',
  resolveTenantId: async ({ name }) => name ?? null,
})
const wink = createWinkClient({ clientId: 'your-client-id', clientSecret: 'an-example-secret', environment: 'stage' })
const sso = createWiseClient({ whiteLabelUrl: 'learn.example', jwtTokenSecret: 'an-example-secret' })

export const auth: Auth = createAuth({
  baseUrl: ['https://invo.example', 'https://{tenant}.invo.example'],
  secret: ['an-example-secret-of-32-bytes-or-more', 'an-older-example-secret-of-32-bytes'],
  store: createMemoryStore({ maxEntries: 1000 }),
  session: { strategy: 'cookie', idleSeconds: 1800 },
  providers: [
    wristbandProvider({ client: wristband, tenancy: { kind: 'subdomain' } }),
    winkProvider({ client: wink }),
    wiseProvider({ client: sso, resolveUser: ({ session }) => learnerOf(session), paths: ['/student/classes'] }),
  ],
  async onSignIn({ identity, current }) {
    expectTypeOf(identity).toEqualTypeOf<WristbandIdentity | WinkIdentity>()
    switch (identity.provider) {
      case 'wristband':
        return { action: 'new', data: { account: { number: identity.subject } } }
      case 'wink': {
        expectTypeOf(identity.profile.tag).toEqualTypeOf<string | undefined>()
        const employee = current?.identities.wristband
        const known = employee !== undefined && (await faces.belongsTo(identity, employee))
        return known ? { action: 'link' } : { action: 'deny', code: 'invo/other_face' }
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
  const user = session?.identities.wristband
  if (user === undefined) return null
  const teaches = user.profile.roles?.some(({ name }) => name === 'teacher') ?? false
  return {
    vendorUserId: user.subject,
    name: user.profile.name ?? 'Learner',
    profile: teaches ? 'teacher' : 'student',
  }
}

export async function openVault(request: Request): Promise<Response> {
  const result = await auth.requireSession(request, {
    provider: 'wink',
    maxAuthAgeSeconds: 300,
    authTimeSources: ['auth_time'],
  })
  const { identities, data } = result.session
  expectTypeOf(identities.wink).toEqualTypeOf<WinkIdentity | undefined>()
  expectTypeOf(identities.wristband?.tenant?.id).toEqualTypeOf<string | undefined>()
  expectTypeOf(data.account?.number).toEqualTypeOf<string | undefined>()
  return new Response(null, { headers: result.headers.map(([name, value]) => [name, value]) })
}

export async function report(request: Request): Promise<string> {
  const result = await auth.requireSessionOrBearer(request, {
    session: {},
    bearer: { kind: 'any', scopes: ['reports:read'] },
  })
  return result.kind === 'session' ? result.session.id : result.bearer.subject
}

export async function callVendor(request: Request): Promise<string> {
  const { accessToken, headers } = await auth.getAccessToken(request, 'wristband')
  expectTypeOf(headers).toEqualTypeOf<readonly (readonly [name: string, value: string])[]>()
  return accessToken
}

export async function choose(request: Request): Promise<void> {
  await auth.updateSession(request, { account: { number: '7' } })
  await auth.updateSession(request, { account: undefined })
  // @ts-expect-error no such data
  await auth.updateSession(request, { acount: { number: '7' } })
  // @ts-expect-error data of another shape
  await auth.updateSession(request, { account: 7 })
}

export async function refused(request: Request): Promise<void> {
  // @ts-expect-error a provider that is not installed
  await auth.requireSession(request, { provider: 'winkk' })
  // @ts-expect-error a provider that signs nobody in
  await auth.requireSession(request, { provider: 'wise' })
  // @ts-expect-error an unknown requirement
  await auth.requireSession(request, { maxAge: 300 })
  // @ts-expect-error a source that does not exist
  await auth.requireSession(request, { authTimeSources: ['amr'] })
  // @ts-expect-error a requirement of the other kind
  await auth.requireBearer(request, { maxAuthAgeSeconds: 300 })
  // @ts-expect-error a kind of holder that does not exist
  await auth.requireBearer(request, { kind: 'robot' })
  // @ts-expect-error only one of the two
  await auth.requireSessionOrBearer(request, { session: {} })
  // @ts-expect-error a provider that is not installed
  await auth.getAccessToken(request, 'acme')
}

export async function changed(request: Request): Promise<void> {
  const { session } = await auth.requireSession(request)
  // @ts-expect-error who is signed in is not for the app to change
  session.identities.wristband = undefined
  // @ts-expect-error nor is when it ends
  session.expiresAt = 0
}

// No tokens: these names are all.
expectTypeOf<keyof Session>().toEqualTypeOf<
  'id' | 'createdAt' | 'expiresAt' | 'refreshedAt' | 'user' | 'identities' | 'data'
>()
expectTypeOf<AnyIdentity>().toEqualTypeOf<WristbandIdentity | WinkIdentity>()
expectTypeOf<keyof WristbandIdentity>().toEqualTypeOf<
  'provider' | 'issuer' | 'subject' | 'tenant' | 'signedInAt' | 'authenticatedAt' | 'authTimeSource' | 'profile'
>()
