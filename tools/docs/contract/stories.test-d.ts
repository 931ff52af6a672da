// What users of the packages write, as the design has it. Types of whole apps, each kind of use once.
import {
  type Auth,
  AuthError,
  type AuthProvider,
  createAuth,
  createMemoryStore,
  type Identity,
  type RequestLike,
  type Session,
  userKey,
} from '@latchkey/core'
import { createWinkClient, winkProvider } from '@latchkey/core-wink'
import { createWiseClient, wiseProvider } from '@latchkey/core-wise'
import { wristbandProvider } from '@latchkey/core-wristband'
import { type OidcIdentity, oidcProvider } from '@latchkey/oidc'

declare module '@latchkey/core' {
  interface SessionData {
    accountId?: string
  }
  interface Identities {
    google: OidcIdentity<'google'>
    acme: Identity<'acme', { readonly name: string }>
  }
  /** As adapter-express does. */
  interface FrameworkRequests {
    express: { readonly session: { readonly user?: { readonly id: string; readonly name: string } } }
  }
}
declare const links: { holds(a: object, b: object): Promise<boolean> }
declare const process_env_TENANT: string | undefined
declare const tenantIds: ReadonlyMap<string, string>
// 1 + 3: everything, on twenty nodes
export const auth = createAuth({
  baseUrl: ['https://invo.example', 'https://{tenant}.invo.example'],
  secret: ['an-example-secret-of-32-bytes-or-more', 'an-older-example-secret-of-32-bytes-or-more'],
  store: createMemoryStore(),
  session: { strategy: 'store' },
  providers: [
    wristbandProvider({
      clientId: 'id',
      clientSecret: 'secret',
      applicationDomain: 'invo.us.wristband.dev',
      resolveTenantId: ({ name }) => (name === undefined ? null : (tenantIds.get(name) ?? null)),
      tenancy: { kind: 'subdomain' },
    }),
    winkProvider({ clientId: 'id', clientSecret: 'secret', environment: 'stage', flows: ['server', 'browser'] }),
    oidcProvider({ name: 'google', issuer: 'https://accounts.google.com', clientId: 'id', clientSecret: 'secret' }),
    wiseProvider({
      whiteLabelUrl: 'learn.school.example',
      jwtTokenSecret: 'an-example-secret-of-32-bytes-or-more',
      resolveUser: ({ session }) =>
        session && {
          vendorUserId: session.user.subject,
          name: session.user.profile.name ?? 'Learner',
          profile: session.identities.wristband?.profile.roles?.some(({ name }) => name === 'teacher')
            ? 'teacher'
            : 'student',
        },
    }),
  ],
  onSignIn: async ({ identity, current, confirmed }) => {
    if (identity.provider !== 'wink') return { action: 'new', data: { accountId: identity.subject } }
    identity.profile.tag satisfies string | undefined // narrowed to Wink
    const employee = current?.identities.wristband
    return confirmed && employee && (await links.holds(employee, identity)) ? { action: 'link' } : { action: 'deny' }
  },
})
export async function payroll(request: Request) {
  const { session, headers } = await auth.requireSession(request, { provider: 'wink', maxAuthAgeSeconds: 300 })
  session.data.accountId satisfies string | undefined
  return [session.user.profile.name, headers.length]
}
export const owners = (request: Request) =>
  auth.requireSession(request, {
    where: ({ identities }) => identities.wristband?.profile.roles?.some(({ name }) => name === 'owner') ?? false,
  })
// @ts-expect-error a requirement that says nothing lets everyone pass
void auth.requireSession(new Request('https://x'), { tenant: process_env_TENANT })
export const ban = (session: Session) => auth.revokeSessions(userKey(session.user))
createAuth({
  baseUrl: 'https://a.example',
  secret: 's',
  // @ts-expect-error a provider whose name is not in `Identities`: `session.user` would not be what its type says
  providers: [oidcProvider({ name: 'entra', issuer: 'https://e.example', clientId: 'id' })],
})
// @ts-expect-error a client and options
wiseProvider({
  client: createWiseClient({ whiteLabelUrl: 'l', jwtTokenSecret: 's' }),
  jwtTokenSecret: 's',
  resolveUser: () => null,
})
// @ts-expect-error a provider that is not installed
void auth.requireSession(new Request('https://x'), { provider: 'winkk' })
// 2: the app's own sessions, Wise alone
const sso = createWiseClient({
  whiteLabelUrl: 'learn.school.example',
  jwtTokenSecret: 'an-example-secret-of-32-bytes-or-more',
})
export const wiseOnly = createAuth({
  baseUrl: 'https://school.example',
  secret: 'an-example-secret-of-32-bytes-or-more',
  session: { strategy: 'external' },
  providers: [
    wiseProvider({
      client: sso,
      resolveUser({ frameworkRequest }) {
        const { user } = frameworkRequest.session
        return user ? { vendorUserId: user.id, name: user.name, profile: 'student' } : null
      },
    }),
  ],
})
// @ts-expect-error two keys and an unverified e-mail
void sso.createRedirectUrl({ email: 'a@b.c', name: 'A', profile: 'student' })
// @ts-expect-error two keys
void sso.createRedirectUrl({ userId: 'u', vendorUserId: 'v', name: 'A', profile: 'student' })
// 4: a client alone
const wink = createWinkClient({
  clientId: 'id',
  clientSecret: 'secret',
  environment: 'stage',
  returnUrls: ['https://a.example/wink/callback'],
})
export async function begin(mine: { pending?: unknown }) {
  const { sessionId, nonce, transaction } = await wink.startBrowserLogin({
    returnUrl: 'https://a.example/wink/callback',
    cancelUrl: 'https://a.example/',
  })
  mine.pending = transaction
  return { sessionId, nonce }
}
// 5: a provider of one's own, and a framework without an adapter
export const acme: AuthProvider<'acme'> = {
  name: 'acme',
  mount: (host) => ({
    accountIssuers: ['acme'],
    signInPath: '/login',
    routes: [
      {
        method: 'GET',
        path: '/login',
        accepts: 'navigation',
        async handle(request, context) {
          const state = await context.newState()
          const returnTo = context.returnTarget(new URL(request.url).searchParams.get('return_url'))
          await context.transactions<{ returnTo: string }>('login').put(state, { returnTo })
          return {
            kind: 'redirect',
            to: new URL(
              `https://acme.example/sso?state=${state}&acs=${host.origins.primary}${host.basePath}/acme/callback`,
            ),
          }
        },
      },
      {
        method: 'GET',
        path: '/callback',
        accepts: 'provider-callback',
        async handle(request, context) {
          const fields = new URL(request.url).searchParams
          const data = await context
            .transactions<{ returnTo: string }>('login')
            .take(await context.checkState(fields.get('state')))
          if (!data) return { kind: 'restart', reason: 'missing_transaction' }
          if (!fields.get('assertion'))
            throw new AuthError('acme/no_assertion', { status: 400, hint: 'enable signed assertions' })
          return {
            kind: 'signed-in',
            identity: { issuer: 'acme', subject: 's', profile: { name: 'Ada' } },
            returnTo: context.returnTarget(data.returnTo),
          }
        },
      },
    ],
  }),
}
export const hono =
  (a: Auth) =>
  async (c: { req: { raw: Request }; res: Response; set(k: string, v: Session): void }, next: () => Promise<void>) => {
    try {
      const { session, headers } = await a.requireSession(c.req.raw)
      c.set('session', session)
      await next()
      for (const [name, value] of headers) c.res.headers.append(name, value)
      return
    } catch (error) {
      return a.errorResponse(error, c.req.raw)
    }
  }
// Frameworks without a web Request
export const requestLike = (raw: {
  method: string
  url: string
  headers: Record<string, string | string[] | undefined>
}): RequestLike => ({
  method: raw.method,
  url: raw.url,
  headers: { get: (name) => raw.headers[name.toLowerCase()]?.toString() ?? null },
})
