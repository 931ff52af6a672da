import type { Auth, AuthOptions, AuthPages } from './auth.ts'
import { systemClock } from './clock.ts'
import { emitEvent } from './events/auth-event.ts'
import { readCredentials } from './guard/credentials.ts'
import { readSession } from './guard/read-session.ts'
import { presentsBearer, requireBearer } from './guard/require-bearer.ts'
import { requireSession } from './guard/require-session.ts'
import { updateSession } from './guard/update-session.ts'
import { checkFunction, checkList, checkOptions, invalidOption } from './options.ts'
import type { MountedProvider } from './provider/contract.ts'
import { checkOrigin, createOrigins } from './request/origins.ts'
import { asAuthError, refusalResponse } from './request/refusal.ts'
import { handleRequest } from './routes/handle-request.ts'
import { mountProviders, providerRoutes } from './routes/provider-routes.ts'
import { createRouteTable, type MountedRoute } from './routes/route-table.ts'
import { createCookieSessions } from './session/cookie-sessions.ts'
import { createEndedPeople } from './session/ended-people.ts'
import type { Seconds } from './session/identity.ts'
import { ownSessions } from './session/own-sessions.ts'
import type { Session } from './session/session.ts'
import type { SessionKeeper } from './session/session-keeper.ts'
import { type SessionSettings, sessionSettings } from './session/session-options.ts'
import { sessionOf } from './session/session-record.ts'
import { sessionSummary } from './session/session-summary.ts'
import { rememberWiring } from './session/session-without-login.ts'
import { createStoreSessions } from './session/store-sessions.ts'
import { signOutRoutes } from './sign-out/sign-out-routes.ts'
import type { Vault } from './vault/vault.ts'
import { watchedVault } from './vault/watched-vault.ts'
import type { Wiring } from './wiring.ts'

const knownOptions = [
  'baseUrl',
  'basePath',
  'callbackOrigin',
  'trustedOrigins',
  'returnOrigins',
  'trustedProxy',
  'vault',
  'session',
  'providers',
  'pages',
  'onSignIn',
  'onEvent',
  'clock',
]

/**
 * Puts providers, sessions and the app's decisions together. Everything is checked here: what this returns has no
 * configuration left to fail on.
 *
 * @throws `core/invalid_option`, naming the option and never its value
 */
export function createAuth(options: AuthOptions): Auth {
  const wiring = wire(options)
  const routes = [sessionRoute(wiring), ...signOutRoutes(wiring), ...providerRoutes(wiring)]
  const table = createRouteTable(routes)

  const auth: Auth = {
    routes: routes.map(({ method, path }) => ({ method, path })),
    handle: (request, extra = {}) => handleRequest(wiring, table, { request, body: extra.body, native: extra.native }),
    read: (incoming, { writable }) => readSession(wiring, incoming, writable),
    requireSession: (incoming, requirement = {}, { writable = true } = {}) =>
      requireSession(wiring, incoming, { requirement, writable }),
    requireBearer: (incoming, requirement = {}) => requireBearer(wiring, incoming, requirement),
    requireEither: (incoming, { session, bearer }) =>
      presentsBearer(incoming)
        ? requireBearer(wiring, incoming, bearer)
        : requireSession(wiring, incoming, { requirement: session, writable: true }),
    credentials: (incoming, provider, { writable = true } = {}) =>
      readCredentials(wiring, incoming, { provider, writable }),
    update: (incoming, data) => updateSession(wiring, incoming, data),
    endSessionsOf: (person) => wiring.endedPeople.end(person),
    refusal: (error, incoming) => refusalResponse(asAuthError(error), incoming, wiring),
    formActionOrigins: (session = null) => formActionOrigins(wiring.providers, session),
  }
  return rememberWiring(auth, wiring)
}

function wire(given: AuthOptions): Wiring {
  const options = checkOptions('createAuth', given, knownOptions)
  const { clock = systemClock, basePath = '/auth', trustedOrigins = [], returnOrigins = [] } = options
  if (typeof options.vault?.seal !== 'function')
    throw invalidOption('createAuth', 'vault', 'must come from createVault')
  if (!/^(\/[A-Za-z0-9_-]+)+$/.test(basePath)) {
    throw invalidOption('createAuth', 'basePath', 'must be a path such as /auth, without a slash at its end')
  }
  for (const name of ['clock', 'onSignIn', 'onEvent'] as const) checkFunction('createAuth', name, options[name])
  const settings = sessionSettings(options.session)
  const { trustedProxy = false } = options
  if (typeof trustedProxy !== 'boolean') throw invalidOption('createAuth', 'trustedProxy', 'must be true or false')
  const callbackOrigin =
    options.callbackOrigin === undefined
      ? null
      : checkOrigin('createAuth', 'callbackOrigin', options.callbackOrigin).origin
  const emit: Wiring['emit'] = (event, native) => emitEvent(options.onEvent, event, native)
  const vault = watchedVault(options.vault, ({ purpose }) =>
    emit({ at: clock(), type: 'secret.outdated', cause: { purpose } }, undefined),
  )
  const origins = createOrigins({ baseUrl: options.baseUrl, callbackOrigin, trustedProxy })
  return {
    origins,
    callbackOrigin,
    basePath,
    trustedOrigins: checkOrigins('trustedOrigins', trustedOrigins),
    returnOrigins: checkOrigins('returnOrigins', returnOrigins),
    pages: checkPages(options.pages ?? {}),
    vault,
    sessionSettings: settings,
    sessions: sessionKeeper(vault, settings, clock),
    endedPeople: createEndedPeople(vault, settings.absoluteSeconds, clock),
    providers: mountProviders(options.providers, { origins, basePath, vault, clock }),
    onSignIn: options.onSignIn ?? (() => ({ kind: 'start' })),
    clock,
    emit,
  }
}

function sessionKeeper(vault: Vault, settings: SessionSettings, clock: () => Seconds): SessionKeeper {
  switch (settings.kind) {
    case 'cookie':
      return createCookieSessions(vault, settings, clock)
    case 'store':
      return createStoreSessions(vault, settings, clock)
    case 'own':
      return ownSessions
    default:
      return settings satisfies never
  }
}

function checkOrigins(name: string, origins: readonly string[]): readonly string[] {
  return checkList('createAuth', name, origins).map((origin) => checkOrigin('createAuth', name, origin).origin)
}

function checkPages(given: AuthPages): AuthPages {
  const pages = checkOptions('createAuth', given, ['signIn', 'error', 'apiPaths'])
  const { apiPaths = [], ...single } = pages
  checkList('createAuth', 'pages.apiPaths', apiPaths)
  const paths = [...Object.entries(single), ...apiPaths.map((path) => ['apiPaths', path] as const)]
  for (const [name, page] of paths) {
    if (!/^\/(?!\/)[\x21\x22\x24-\x5b\x5d-\x7e]*$/.test(page)) {
      throw invalidOption('createAuth', `pages.${name}`, 'must be a path of this app such as /sign-in')
    }
  }
  return pages
}

function sessionRoute({ basePath }: Wiring): MountedRoute {
  return {
    method: 'GET',
    path: `${basePath}/session`,
    from: 'anyone',
    provider: null,
    run: async (_request, { record }) => Response.json(sessionSummary(record === null ? null : sessionOf(record))),
  }
}

function formActionOrigins(
  providers: ReadonlyMap<string, MountedProvider>,
  session: Session | null,
): readonly string[] {
  return [...new Set([...providers.values()].flatMap((provider) => provider.leaveOrigins?.(session) ?? []))]
}
