import { type AnswerRoute, rememberAnswers } from './answer-route.ts'
import type { Auth, AuthOptions } from './auth.ts'
import { type AuthContext, rememberContext } from './context/auth-context.ts'
import { bearerProviders } from './context/bearer-providers.ts'
import { skewReporter } from './context/clock-skew.ts'
import { createEvents, vendorObserver } from './context/events.ts'
import { withCookiesOf } from './context/in-session.ts'
import { asAuthError } from './errors/core-errors.ts'
import { checkOptions, invalidOption, type OptionRule, option, required, rule } from './errors/options.ts'
import { getAccessToken, getSession, updateSession } from './guard/get-session.ts'
import { anyUser, presentsBearer, requireBearer } from './guard/require-bearer.ts'
import { anySession, requireSession } from './guard/require-session.ts'
import { atMostEvery } from './model/at-most-every.ts'
import { systemClock } from './model/time.ts'
import type { MountedProvider } from './provider/contract.ts'
import { formActionOrigins } from './provider/form-actions.ts'
import { toResponse } from './request/answer.ts'
import { checkOrigin, createOrigins } from './request/origins.ts'
import { type AuthPages, errorAnswer } from './request/response.ts'
import { confirmSignInRoute } from './routes/confirm-sign-in.ts'
import { loadAnswering } from './routes/load-answering.ts'
import { mountProviders, providerRoutes } from './routes/provider-routes.ts'
import { createRouteTable } from './routes/route-table.ts'
import { sessionRoute } from './routes/session-route.ts'
import { signOutRoutes } from './routes/sign-out-routes.ts'
import { type CookieSessionParts, createCookieSessions } from './session/cookie-sessions.ts'
import { checkUserKey, createRevocations } from './session/revocation.ts'
import { refuseExternal, type SessionSettings, sessionSettings } from './session/settings.ts'
import { createStoreSessions } from './session/store-sessions.ts'
import { externalSessions, type SessionStrategy } from './session/strategy.ts'
import { openVault } from './vault/vault.ts'

/**
 * Puts providers, sessions and the app's decisions together. Everything is checked here: what this returns has no
 * configuration left to fail on.
 *
 * @throws `core/invalid_option`, naming the option and never its value
 */
export function createAuth(options: AuthOptions): Auth {
  const context = createContext(options)
  const routes = [
    sessionRoute(context),
    ...signOutRoutes(context),
    confirmSignInRoute(context),
    ...providerRoutes(context),
  ]
  const table = createRouteTable(routes)

  const answering = async () => {
    const { handleRequest, reportAnswer } = await loadAnswering()
    return context.isHeard() ? reportAnswer : handleRequest
  }
  const answer: AnswerRoute = async (request, { body, frameworkRequest } = {}) =>
    (await answering())(context, table, { request, body, frameworkRequest })
  const handle: Auth['handle'] = async (request, { body, frameworkRequest } = {}) =>
    toResponse(await (await answering())(context, table, { request, body, frameworkRequest }))

  const auth: Auth = {
    routes: routes.map(({ method, path }) => ({ method, path })),
    handle: rememberAnswers(handle, answer),
    getSession: (request, { readOnly = false } = {}) => getSession(context, request, readOnly),
    requireSession: (request, requirement = anySession, { readOnly = false } = {}) =>
      requireSession(context, request, { requirement, readOnly }),
    requireBearer: (request, requirement = anyUser) => requireBearer(context, request, requirement),
    requireSessionOrBearer: (request, { session, bearer }, { readOnly = false } = {}) =>
      presentsBearer(request)
        ? requireBearer(context, request, bearer)
        : requireSession(context, request, { requirement: session, readOnly }),
    getAccessToken: (request, provider, { readOnly = false } = {}) =>
      getAccessToken(context, request, { provider, readOnly }),
    updateSession: (request, data) => updateSession(context, request, data),
    async revokeSessions(user) {
      refuseExternal(context.sessionSettings)
      checkUserKey(context.providers, user)
      await context.revocations.revoke(user)
    },
    errorResponse: (error, request) =>
      toResponse(withCookiesOf(error, errorAnswer(asAuthError(error), request, context))),
    formActionOrigins: (session = null) => formActionOrigins(context.providers, session),
  }
  const crossOriginPaths = context.trustedOrigins.size === 0 ? [] : table.pathsForTrustedPages
  return rememberContext(auth, { ...context, crossOriginPaths })
}

const isSecret = (value: unknown): boolean => typeof value === 'string' && new TextEncoder().encode(value).length >= 32

const secret: OptionRule = rule(
  'must be a secret of at least 32 bytes, or a list of such secrets with the newest first',
  (value) => (Array.isArray(value) ? value.length > 0 && value.every(isSecret) : isSecret(value)),
)

const storeMethods = ['get', 'set', 'add', 'replace', 'remove'] as const

const store: OptionRule = rule(`must have the methods ${storeMethods.join(', ')}`, (value) =>
  storeMethods.every((method) => typeof (value as Record<string, unknown> | null)?.[method] === 'function'),
)

const pagePath: OptionRule = rule(
  'must be a path of this app such as /sign-in',
  (value) => typeof value === 'string' && /^\/(?!\/)[\x21\x22\x24-\x5b\x5d-\x7e]*$/.test(value),
)

function createContext(given: AuthOptions): AuthContext {
  const options = checkOptions('createAuth', given, {
    baseUrl: required(option.anything),
    basePath: rule(
      'must be a path such as /auth, without a slash at its end',
      (value) => typeof value === 'string' && /^(\/[A-Za-z0-9_-]+)+$/.test(value),
    ),
    callbackOrigin: option.anything,
    trustedOrigins: option.list(option.anything),
    returnOrigins: option.list(option.anything),
    trustedProxy: option.boolean,
    secret: required(secret),
    store,
    session: option.object,
    providers: required(option.list(rule('must be a provider', (value) => hasFunction(value, 'mount')))),
    pages: option.object,
    onSignIn: option.function,
    onEvent: rule('must be a function or a list of functions', (value) =>
      (Array.isArray(value) ? value : [value]).every((listener) => typeof listener === 'function'),
    ),
    sessionResponse: option.function,
    rateLimit: option.function,
    clock: option.function,
  })
  const { clock = systemClock, basePath = '/auth', trustedOrigins = [], returnOrigins = [] } = options
  const { listeners, isHeard, emit, around } = createEvents(options.onEvent)
  const settings = sessionSettings(options.session)
  const callbackOrigin =
    options.callbackOrigin === undefined
      ? null
      : checkOrigin('createAuth', 'callbackOrigin', options.callbackOrigin).origin
  const { trustedProxy = false } = options
  const origins = createOrigins({ baseUrl: options.baseUrl, callbackOrigin, trustedProxy })
  const vault = openVault({
    secrets: [options.secret].flat() as [string, ...string[]],
    store: options.store,
    clock,
    onOutdated: atMostEvery(60, clock, () =>
      emit(
        { at: clock(), type: 'secret.outdated', hint: 'Keep the older secret in the list while this is reported.' },
        undefined,
      ),
    ),
    onStoreFailed: atMostEvery(1, clock, (failure) =>
      emit({ at: clock(), type: 'store.failed', code: 'auth/store_unavailable', ...failure }, undefined),
    ),
  })
  const revocations = createRevocations(vault, settings.absoluteSeconds, clock)
  const providers = mountProviders(options.providers, (provider) => ({
    origins,
    basePath,
    clock,
    once: (key, { lifetime, work }) => vault.once(`${provider} ${key}`, { lifetime, work, keptAs: () => 'provider' }),
    markUsed: (what, lifetime) => vault.markUsed(`provider ${provider}`, what, lifetime),
    async revokeSessions(by) {
      refuseExternal(settings)
      if ('sid' in by) return revocations.revokeSid({ provider, ...by })
      checkUserKey(providers, by)
      return revocations.revoke(by)
    },
    revokesEverywhere: options.store !== undefined && settings.strategy !== 'external',
    observeVendor: vendorObserver({ isHeard, emit, around, clock }, provider),
    emit: (event) => emit({ ...event, at: clock(), provider }, undefined),
  }))
  checkExternal(settings, providers)
  return {
    origins,
    callbackOrigin,
    basePath,
    trustedOrigins: checkOrigins('trustedOrigins', trustedOrigins),
    returnOrigins: checkOrigins('returnOrigins', returnOrigins),
    pages: checkPages(options.pages ?? {}),
    vault,
    sessionSettings: settings,
    sessions: sessionStrategy({ vault, settings, clock, revocations, emit }),
    revocations,
    providers,
    bearers: bearerProviders(providers),
    onSignIn: options.onSignIn ?? null,
    sessionResponse: options.sessionResponse,
    rateLimit: options.rateLimit,
    clock,
    listeners,
    isHeard,
    emit,
    reportSkew: skewReporter({ clock, emit }),
    around,
  }
}

function hasFunction(value: unknown, name: string): boolean {
  return typeof (value as Record<string, unknown> | null)?.[name] === 'function'
}

/** Users who sign in must have somewhere to go. */
function checkExternal(settings: SessionSettings, providers: ReadonlyMap<string, MountedProvider>): void {
  if (settings.strategy !== 'external' || settings.onSignedIn !== undefined) return
  if ([...providers.values()].every(({ accountIssuers }) => accountIssuers.length === 0)) return
  throw invalidOption('createAuth', 'session.onSignedIn', 'must be a function, since a provider signs users in')
}

interface StrategyParts extends Pick<AuthContext, 'vault' | 'clock' | 'revocations' | 'emit'> {
  readonly settings: SessionSettings
}

function sessionStrategy({ vault, settings, clock, revocations, emit }: StrategyParts): SessionStrategy {
  switch (settings.strategy) {
    case 'cookie': {
      const onLarge: CookieSessionParts['onLarge'] = (session) =>
        emit({ at: clock(), type: 'session.large', ...session }, undefined)
      return createCookieSessions({ vault, settings, clock, onLarge })
    }
    case 'store':
      return createStoreSessions({ vault, settings, clock, revocations })
    case 'external':
      return externalSessions
    default:
      return settings satisfies never
  }
}

function checkOrigins(name: string, origins: readonly string[]): ReadonlySet<string> {
  return new Set(origins.map((origin) => checkOrigin('createAuth', name, origin).origin))
}

function checkPages(given: AuthPages): AuthPages {
  return checkOptions('createAuth: pages', given, {
    signIn: pagePath,
    error: pagePath,
    apiPaths: option.list(pagePath),
  })
}
