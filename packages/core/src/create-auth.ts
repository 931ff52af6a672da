import type { Auth, AuthOptions } from './auth.ts'
import { rememberWiring, type Wiring } from './context/auth-context.ts'
import { asAuthError } from './errors/core-errors.ts'
import { checkFunction, checkList, checkOptions, invalidOption } from './errors/options.ts'
import { readCredentials, readSession, updateSession } from './guard/get-session.ts'
import { presentsBearer, requireBearer } from './guard/require-bearer.ts'
import { requireSession } from './guard/require-session.ts'
import { emitEvent } from './model/event.ts'
import type { Session } from './model/session.ts'
import { type Seconds, systemClock } from './model/time.ts'
import type { MountedProvider } from './provider/contract.ts'
import { checkOrigin, createOrigins } from './request/origins.ts'
import { type AuthPages, refusalResponse } from './request/response.ts'
import { handleRequest } from './routes/handle-request.ts'
import { mountProviders, providerRoutes } from './routes/provider-routes.ts'
import { createRouteTable } from './routes/route-table.ts'
import { sessionRoute } from './routes/session-route.ts'
import { signOutRoutes } from './routes/sign-out.ts'
import { createCookieSessions } from './session/cookie-sessions.ts'
import { createEndedPeople } from './session/revocation.ts'
import { type SessionSettings, sessionSettings } from './session/settings.ts'
import { createStoreSessions } from './session/store-sessions.ts'
import { ownSessions, type SessionKeeper } from './session/strategy.ts'
import { type Vault, watchedVault } from './vault/vault.ts'

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

function formActionOrigins(
  providers: ReadonlyMap<string, MountedProvider>,
  session: Session | null,
): readonly string[] {
  return [...new Set([...providers.values()].flatMap((provider) => provider.leaveOrigins?.(session) ?? []))]
}
