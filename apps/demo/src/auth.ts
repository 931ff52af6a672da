import { type Auth, createAuth, createVault, type EventListener, type OnSignIn, type Session } from '@latchkey/core'
import { createWink, winkProvider } from '@latchkey/core-wink'
import { createWiseSso, type WiseUser, wiseProvider } from '@latchkey/core-wise'
import { createWristband, type WristbandIdentity, wristbandProvider } from '@latchkey/core-wristband'
import type { DemoEnvironment } from './environment.ts'
import type { JoinRecord } from './join-record.ts'

const freshSeconds = 600

/** Where one of the demo's servers puts its auth. */
export interface DemoAuthOptions {
  /** The server's own origin. */
  readonly baseUrl: string
  readonly joinRecord: JoinRecord
  readonly onEvent?: EventListener
  /** The fetch of every request to Wristband and Wink. */
  readonly fetch?: typeof globalThis.fetch
  /** The time in whole seconds. */
  readonly clock?: () => number
}

/** The three systems wired together: the same for every framework. */
export function createDemoAuth(environment: DemoEnvironment, options: DemoAuthOptions): Auth {
  const { wristband, wink, wise, sessionSecrets } = environment
  const { tenantIds } = wristband
  const time = options.clock === undefined ? {} : { clock: options.clock }
  const transport = { ...time, ...(options.fetch === undefined ? {} : { fetch: options.fetch }) }

  return createAuth({
    baseUrl: options.baseUrl,
    vault: createVault({ secrets: sessionSecrets, ...time }),
    providers: [
      wristbandProvider({
        client: createWristband({
          clientId: wristband.clientId,
          clientSecret: wristband.clientSecret,
          applicationDomain: wristband.applicationDomain,
          ...(tenantIds === null
            ? {}
            : { tenantId: (tenant) => ('name' in tenant ? (tenantIds.get(tenant.name) ?? null) : null) }),
          ...transport,
        }),
        tenancy: { kind: 'query', default: wristband.tenant },
      }),
      winkProvider({
        client: createWink({
          clientId: wink.clientId,
          clientSecret: wink.clientSecret,
          environment: { apiUrl: wink.apiUrl, authUrl: wink.authUrl },
          ...transport,
        }),
      }),
      wiseProvider({
        sso: createWiseSso({ whiteLabelUrl: wise.whiteLabelUrl, jwtTokenSecret: wise.jwtTokenSecret, ...time }),
        resolveUser: ({ session }) => (session === null ? null : learnerOf(session)),
        paths: ['/student/classes', '/student/classes/:id/resources', '/teacher/classes'],
      }),
    ],
    pages: { signIn: '/sign-in', error: '/error', apiPaths: ['/api'] },
    onSignIn: decideSignIn(options.joinRecord),
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
    ...time,
  })
}

/**
 * A Wristband sign-in begins a session. A Wink sign-in joins it if the app knows that both are one human: who steps up
 * first, right after signing in, is remembered, and anyone else's biometrics are refused from then on.
 */
function decideSignIn(joinRecord: JoinRecord): OnSignIn {
  return ({ identity, current }) => {
    const person = current?.identities.wristband
    if (identity.provider !== 'wink' || person === undefined) return { kind: 'start' }
    const key = personKey(person)
    const known = joinRecord.winkOf(key)
    if (known !== null) return known === identity.subject ? { kind: 'join' } : { kind: 'refuse' }
    const isFresh = identity.signedInAt - person.signedInAt <= freshSeconds
    return isFresh && joinRecord.join(key, identity.subject) ? { kind: 'join' } : { kind: 'refuse' }
  }
}

function personKey({ provider, issuer, tenant, subject }: WristbandIdentity) {
  return { provider, issuer, subject, ...(tenant === undefined ? {} : { tenant: tenant.id }) }
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
