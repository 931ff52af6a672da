import {
  type Auth,
  createAuth,
  type EventListener,
  type OnSignIn,
  type Session,
  type Store,
  userKey,
} from '@latchkey/core'
import { winkProvider } from '@latchkey/core-wink'
import { type WiseUser, wiseProvider } from '@latchkey/core-wise'
import { createWristbandClient, type WristbandClient, wristbandProvider } from '@latchkey/core-wristband'
import { type OidcIdentity, oidcProvider } from '@latchkey/oidc'
import type { DemoEnvironment } from './environment.ts'
import type { Framework } from './framework.ts'
import type { LinkRecord } from './link-record.ts'
import { winkCallbackPath } from './wink-settings.ts'

declare module '@latchkey/core' {
  interface Identities {
    oidc: OidcIdentity<'oidc'>
  }
  /** What this app keeps in a session besides who is signed in. */
  interface SessionData {
    /** The framework on which the user signed in. */
    startedOn?: Framework
  }
}

/** What differs between the servers of the demo, and in tests. */
export interface DemoAuthOptions {
  readonly framework: Framework
  /** The server's own origin. */
  readonly baseUrl: string
  /** Which Wink user is which Wristband user. */
  readonly linkRecord: LinkRecord
  /** Keeps the sessions of all servers together. Default: they are sealed in cookies. */
  readonly store?: Store | undefined
  readonly onEvent?: readonly EventListener[] | undefined
  /** The fetch of every request to the systems. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The time in whole seconds. */
  readonly clock?: (() => number) | undefined
}

/**
 * A session belongs to one origin, and cookies know no port: on one host each server of the demo has a cookie of its own.
 */
export const sessionCookies: Readonly<Record<Framework, string>> = {
  Next: '__Host-latchkey',
  Fastify: '__Host-latchkey-fastify',
  Nest: '__Host-latchkey-nest',
}

/** All systems wired together: the same for every framework. */
export function createDemoAuth(environment: DemoEnvironment, options: DemoAuthOptions): Auth {
  const { wristband, wink, wise, oidc } = environment
  const { baseUrl, store, onEvent, fetch, clock } = options
  return createAuth({
    baseUrl,
    secret: environment.sessionSecrets,
    store,
    session: { strategy: store === undefined ? 'cookie' : 'store', cookieName: sessionCookies[options.framework] },
    providers: [
      wristbandProvider({
        clientId: wristband.clientId,
        clientSecret: wristband.clientSecret,
        applicationDomain: wristband.applicationDomain,
        resolveTenantId: wristband.resolveTenantId,
        tenancy: { kind: 'query', default: wristband.tenant },
        fetch,
        clock,
      }),
      winkProvider({
        clientId: wink.clientId,
        clientSecret: wink.clientSecret,
        environment: { apiUrl: wink.apiUrl, authUrl: wink.authUrl },
        // Users choose: the back end runs the login, or Wink's SDK does in a page.
        flows: ['server', 'browser'],
        returnUrls: ['/auth/wink/callback', winkCallbackPath].map((path) => baseUrl + path),
        cancelUrls: ['/auth/wink/cancel', '/', winkCallbackPath].map((path) => baseUrl + path),
        fetch,
        clock,
      }),
      wiseProvider({
        whiteLabelUrl: wise.whiteLabelUrl,
        jwtTokenSecret: wise.jwtTokenSecret,
        resolveUser: ({ session }) => session && learnerOf(session),
        paths: ['/student/classes', '/student/classes/:id/resources', '/teacher/classes'],
        clock,
      }),
      ...(oidc === null ? [] : [oidcProvider({ name: 'oidc', ...oidc, fetch })]),
    ],
    pages: { signIn: '/sign-in', error: '/error', apiPaths: ['/api'] },
    onSignIn: decideSignIn(options),
    onEvent,
    clock,
  })
}

const linkableSeconds = 600

/**
 * A Wristband sign-in begins a session. A Wink sign-in is linked to it if the app knows that both are the same user: the
 * first Wink user who steps up within ten minutes of the sign-in is remembered, and any other is denied from then on.
 */
function decideSignIn({ framework, linkRecord }: DemoAuthOptions): OnSignIn {
  return async ({ identity, current, confirmed }) => {
    const user = current?.identities.wristband
    if (identity.provider !== 'wink' || user === undefined || !confirmed) {
      return { action: 'new', data: { startedOn: framework } }
    }
    const key = userKey(user)
    const known = await linkRecord.winkOf(key)
    if (known !== null) return { action: known === identity.subject ? 'link' : 'deny' }
    const isLinkable = identity.signedInAt - user.signedInAt <= linkableSeconds
    return { action: isLinkable && (await linkRecord.link(key, identity.subject)) ? 'link' : 'deny' }
  }
}

/** The user as Wise gets to know them. */
function learnerOf({ user, identities: { wristband } }: Session): WiseUser {
  const { subject, profile } = wristband ?? user
  const isTeacher = wristband?.profile.roles?.some(({ name }) => name === 'teacher') ?? false
  return { vendorUserId: subject, name: profile.name ?? 'Learner', profile: isTeacher ? 'teacher' : 'student' }
}

/** Wristband without sessions and routes: for access tokens of the application itself. */
export function createMachineClient(
  { wristband: { clientId, clientSecret, applicationDomain } }: DemoEnvironment,
  { fetch, clock }: Pick<DemoAuthOptions, 'fetch' | 'clock'>,
): WristbandClient {
  return createWristbandClient({ clientId, clientSecret, applicationDomain, fetch, clock })
}
