import {
  type Auth,
  createAuth,
  createVault,
  type EventListener,
  type OnSignIn,
  type Session,
  type Store,
  type Vault,
} from '@latchkey/core'
import { createWinkClient, type Wink, winkProvider } from '@latchkey/core-wink'
import { createWiseClient, type WiseClient, type WiseUser, wiseProvider } from '@latchkey/core-wise'
import { createWristbandClient, type WristbandClient, wristbandProvider } from '@latchkey/core-wristband'
import type { DemoEnvironment } from './environment.ts'
import type { JoinRecord } from './join-record.ts'
import { userKey } from './user.ts'
import { withSignOutEverywhere } from './sign-out-everywhere.ts'

const freshSeconds = 600

/** Where one of the demo's servers puts its auth. */
export interface DemoAuthOptions {
  /** The server's own origin. */
  readonly baseUrl: string
  readonly joinRecord: JoinRecord
  /** Keeps sessions for all servers together. Without it they are sealed in cookies. */
  readonly store?: Store
  readonly onEvent?: EventListener
  /** The fetch of every request to Wristband and Wink. */
  readonly fetch?: typeof globalThis.fetch
  /** The time in whole seconds. */
  readonly clock?: () => number
}

/** The three systems, each with its client: the protocols alone, without sessions and routes. */
export interface DemoClients {
  readonly vault: Vault
  readonly wristband: Wristband
  readonly wink: Wink
  readonly wise: WiseClient
}

/** Makes the clients. Nothing is fetched before the first call. */
export function createDemoClients(environment: DemoEnvironment, { store, ...options }: DemoAuthOptions): DemoClients {
  const { wristband, wink, wise, sessionSecrets } = environment
  const { tenantIds } = wristband
  const time = options.clock === undefined ? {} : { clock: options.clock }
  const transport = { ...time, ...(options.fetch === undefined ? {} : { fetch: options.fetch }) }
  const vault = createVault({ secrets: sessionSecrets, ...(store === undefined ? {} : { store }), ...time })
  return {
    vault,
    wristband: createWristbandClient({
      clientId: wristband.clientId,
      clientSecret: wristband.clientSecret,
      applicationDomain: wristband.applicationDomain,
      ...(tenantIds === null
        ? {}
        : { tenantId: (tenant) => ('name' in tenant ? (tenantIds.get(tenant.name) ?? null) : null) }),
      vault,
      ...transport,
    }),
    wink: createWinkClient({
      clientId: wink.clientId,
      clientSecret: wink.clientSecret,
      environment: { apiUrl: wink.apiUrl, authUrl: wink.authUrl },
      ...transport,
    }),
    wise: createWiseClient({ whiteLabelUrl: wise.whiteLabelUrl, jwtTokenSecret: wise.jwtTokenSecret, ...time }),
  }
}

/** The three systems wired together: the same for every framework. */
export function createDemoAuth(
  environment: DemoEnvironment,
  options: DemoAuthOptions,
  { vault, wristband, wink, wise }: DemoClients = createDemoClients(environment, options),
): Auth {
  const auth = createAuth({
    baseUrl: options.baseUrl,
    vault,
    session: { kind: options.store === undefined ? 'cookie' : 'store' },
    providers: [
      wristbandProvider({ client: wristband, tenancy: { kind: 'query', default: environment.wristband.tenant } }),
      winkProvider({ client: wink }),
      wiseProvider({
        sso: wise,
        resolveUser: ({ session }) => (session === null ? null : learnerOf(session)),
        paths: ['/student/classes', '/student/classes/:id/resources', '/teacher/classes'],
      }),
    ],
    pages: { signIn: '/sign-in', error: '/error', apiPaths: ['/api'] },
    onSignIn: decideSignIn(options.joinRecord),
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  })
  return withSignOutEverywhere(auth)
}

/**
 * A Wristband sign-in begins a session. A Wink sign-in joins it if the app knows that both are one human: who steps up
 * first, right after signing in, is remembered, and anyone else's biometrics are refused from then on.
 */
function decideSignIn(joinRecord: JoinRecord): OnSignIn {
  return async ({ identity, current }) => {
    const user = current?.identities.wristband
    if (identity.provider !== 'wink' || user === undefined) return { action: 'new' }
    const key = userKey(user)
    const known = await joinRecord.winkOf(key)
    if (known !== null) return known === identity.subject ? { action: 'link' } : { action: 'deny' }
    const isFresh = identity.signedInAt - user.signedInAt <= freshSeconds
    return isFresh && (await joinRecord.join(key, identity.subject)) ? { action: 'link' } : { action: 'deny' }
  }
}

function learnerOf({ identities: { wristband, wink } }: Session): WiseUser | null {
  const identity = wristband ?? wink
  if (identity === undefined) return null
  const isTeacher = wristband?.profile.roles?.some(({ name }) => name === 'teacher') ?? false
  return {
    vendorUserId: identity.subject,
    name: identity.profile.name ?? 'Learner',
    profile: isTeacher ? 'teacher' : 'student',
  }
}
