import {
  type AuthProvider,
  type ClientOr,
  checkOptions,
  clientOf,
  faultOf,
  invalidOption,
  isAuthError,
  type MountedProvider,
  type OptionRules,
  option,
  optionalRules,
  type ProviderHost,
  type ProviderRoute,
  type Tokens,
} from '@latchkey/core/provider'
import { refreshIdentity } from './client/refresh.ts'
import { createWinkClient, settingsOf, type WinkClient } from './client/wink-client.ts'
import { type WinkClientOptions, type WinkSettings, winkClientRules } from './model/options.ts'
import { sessionRoute, silentCheckRoute, tokenRoute } from './routes/browser-routes.ts'
import { callbackRoute, cancelRoute, loginRoute } from './routes/server-routes.ts'

/** How users sign in: our back end runs the login, or Wink's browser SDK does. */
export type WinkFlow = 'server' | 'browser'

/** What the routes of `winkProvider` take. */
export interface WinkRouteOptions {
  /** Which routes are mounted. Default `['server']`. `'browser'` needs `returnUrls` and `cancelUrls` of the client. */
  readonly flows?: readonly WinkFlow[] | undefined
}

/** What `winkProvider` takes: the options of its routes, and those of `createWinkClient` or a `client` made by it. */
export type WinkProviderOptions = WinkRouteOptions & ClientOr<WinkClientOptions, WinkClient>

/**
 * Mounts Wink under `{basePath}/wink`. Server flow: `GET /login` (`return_url`), `/callback` and `/cancel`; register the
 * URLs of the last two at Wink. Browser flow: `POST /session`, `POST /token` and `GET /silent-check-sso.html`, for
 * `createWinkBrowser` of `@latchkey/core-wink/browser`; register the URL of the last.
 *
 * @throws `core/invalid_option`, also for a `client` beside options of a client
 */
export function winkProvider(options: WinkProviderOptions): AuthProvider<'wink'> {
  const { flows = ['server'], ...clientOrOptions } = checkOptions(factory, options, providerRules)
  const client = clientOf<WinkClientOptions, WinkClient>(factory, clientOrOptions, createWinkClient)
  const settings = settingsOf(client)
  if (settings === undefined) throw invalidOption(factory, 'client', 'must be made by createWinkClient')
  if (flows.includes('browser')) requireAllowLists(settings)
  const parts = { client, settings, flows: new Set(flows) }
  return { name: 'wink', mount: (host) => mountWink(parts, host) }
}

const factory = 'winkProvider'

const providerRules: OptionRules<WinkProviderOptions> = {
  client: option.object,
  ...optionalRules(winkClientRules),
  flows: option.filledList(option.oneOf(['server', 'browser'] satisfies WinkFlow[])),
}

interface WinkParts {
  readonly client: WinkClient
  readonly settings: WinkSettings
  readonly flows: ReadonlySet<WinkFlow>
}

function mountWink({ client, settings, flows }: WinkParts, host: ProviderHost): MountedProvider<'wink'> {
  const { basePath } = host
  settings.oidc.reports.subscribe(host.observeVendor)
  const { issuers } = settings.endpoints
  const { origin } = client.signOutUrl({})
  const routes: Readonly<Record<WinkFlow, readonly ProviderRoute<'wink'>[]>> = {
    server: [loginRoute(client, basePath), callbackRoute(client, basePath), cancelRoute],
    browser: [sessionRoute(client), tokenRoute(client, host), silentCheckRoute],
  }
  return {
    // Identities carry the first of the list, whichever signed.
    accountIssuers: [issuers[0]],
    signInPath: flows.has('server') ? '/login' : undefined,
    routes: [...flows].flatMap((flow) => routes[flow]),
    // The SDK leaves an ID token in it, for every script and every request. It proves nothing here.
    foreignCookies: ['wink_id_token'],
    refresh: (tokens, identity) => refreshIdentity(client, tokens, identity),
    async signOut(tokens, _identity, { returnTo }) {
      const url = client.signOutUrl({ returnTo })
      if (tokens?.refreshToken === undefined) return { url }
      const fault = await endByRefreshToken(client, tokens)
      return fault === undefined ? {} : { url, failure: fault.code, reason: fault.reason }
    },
    formActionOrigins: () => [origin],
  }
}

type Fault = ReturnType<typeof faultOf>

/**
 * @returns What failed: the browser takes the other way then, for a sign-out ends Wink's side too, whatever has
 *   failed here.
 */
async function endByRefreshToken(client: WinkClient, tokens: Tokens): Promise<Fault | undefined> {
  try {
    await client.signOut(tokens)
    return undefined
  } catch (error) {
    return isAuthError(error) ? faultOf(error) : { code: 'core/internal_error' }
  }
}

/** The browser flow's URLs come from a page. */
function requireAllowLists({ returnUrls, cancelUrls }: WinkSettings): void {
  if (returnUrls !== null && cancelUrls !== null) return
  throw invalidOption(factory, 'flows', "may hold 'browser' only where returnUrls and cancelUrls are given, too")
}
