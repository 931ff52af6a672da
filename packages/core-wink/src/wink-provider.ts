import {
  type AuthProvider,
  checkOptions,
  invalidOption,
  type MountedProvider,
  type ProviderHost,
  type ProviderRoute,
} from '@latchkey/core/provider'
import { refresh } from './client/refresh.ts'
import type { Wink } from './client/wink-client.ts'
import { sessionRoute, silentCheckRoute, tokenRoute } from './routes/browser-routes.ts'
import type { MayStartLogin, WinkFlow } from './routes/permission.ts'
import { callbackRoute, cancelRoute, loginRoute } from './routes/server-routes.ts'

export type { WinkFlow } from './routes/permission.ts'

/** What `winkProvider` takes. */
export interface WinkProviderOptions {
  readonly client: Wink
  /** Which routes are mounted. Default `['server']`. `'browser'` needs a client with `returnUrls` and `cancelUrls`. */
  readonly flows?: readonly WinkFlow[]
  /**
   * Asked before each Wink session is created, in either flow; anything but true answers 429. A place for a limit of
   * your own: Wink sessions are created with your tokens.
   */
  readonly mayStartLogin?: MayStartLogin
}

const factory = 'winkProvider'

/**
 * Mounts Wink under `{basePath}/wink`. Server flow: `GET /login` (`return_url`), `/callback` and `/cancel`; register the
 * URLs of the last two at Wink. Browser flow: `POST /session`, `POST /token` and `GET /silent-check-sso.html`, for
 * `createWinkBrowser` of `@latchkey/core-wink/browser`; register the URL of the last.
 *
 * @throws `core/invalid_option`
 */
export function winkProvider(options: WinkProviderOptions): AuthProvider<'wink'> {
  checkOptions(factory, options, ['client', 'flows', 'mayStartLogin'])
  const { client, flows = ['server'], mayStartLogin = () => true } = options
  if (!isWink(client)) throw invalidOption(factory, 'client', 'must be made by createWinkClient')
  if (typeof mayStartLogin !== 'function') throw invalidOption(factory, 'mayStartLogin', 'must be a function')
  const parts = { client, flows: checkFlows(flows, client), mayStartLogin }
  return { name: 'wink', mount: (host) => mountWink(parts, host) }
}

function mountWink(
  { client, flows, mayStartLogin }: Required<WinkProviderOptions>,
  { basePath, vault }: ProviderHost,
): MountedProvider<'wink'> {
  const { origin } = client.signOutUrl({})
  const routes: Readonly<Record<WinkFlow, readonly ProviderRoute<'wink'>[]>> = {
    server: [loginRoute(client, basePath, mayStartLogin), callbackRoute(client, basePath), cancelRoute],
    browser: [sessionRoute(client, mayStartLogin), tokenRoute(client, vault), silentCheckRoute],
  }
  return {
    ...(flows.includes('server') && { signInPath: '/login' }),
    routes: flows.flatMap((flow) => routes[flow]),
    // The SDK leaves an ID token in it, for every script and every request. It proves nothing here.
    foreignCookies: ['wink_id_token'],
    refresh: (tokens, identity) => refresh(client, tokens, identity),
    async signOut(tokens, _identity, { returnTo }) {
      const isOver = tokens?.refreshToken !== undefined && (await endsByRefreshToken(client, tokens))
      return isOver ? {} : { url: client.signOutUrl({ returnTo }) }
    },
    formActionOrigins: () => [origin],
  }
}

async function endsByRefreshToken(client: Wink, tokens: Parameters<Wink['signOut']>[0]): Promise<boolean> {
  try {
    await client.signOut(tokens)
    return true
  } catch {
    // The browser takes the other way: a sign-out ends Wink's side too, whatever has failed here.
    return false
  }
}

function checkFlows(flows: readonly WinkFlow[], client: Wink): readonly WinkFlow[] {
  const known: readonly unknown[] = ['server', 'browser'] satisfies WinkFlow[]
  const list: unknown = flows
  if (!Array.isArray(list) || list.length === 0 || !list.every((flow) => known.includes(flow))) {
    throw invalidOption(factory, 'flows', "must be a list of 'server', 'browser' or both")
  }
  if (flows.includes('browser') && !client.hasAllowLists) {
    throw invalidOption(factory, 'flows', "may hold 'browser' only if createWinkClient was given returnUrls and cancelUrls")
  }
  return [...new Set(flows)]
}

function isWink(value: unknown): value is Wink {
  return typeof value === 'object' && value !== null && 'startLogin' in value && 'signOutUrl' in value
}
