import {
  type AuthProvider,
  checkOptions,
  invalidOption,
  type MountedProvider,
  type ProviderHost,
} from '@latchkey/core/provider'
import { callbackRoute } from './routes/callback.ts'
import { cancelRoute } from './routes/cancel.ts'
import { loginRoute } from './routes/login.ts'
import type { Wink } from './wink.ts'

/** What `winkProvider` takes. */
export interface WinkProviderOptions {
  readonly client: Wink
}

/**
 * Mounts Wink's server flow: `GET {basePath}/wink/login` (`return_url`), `/callback` and `/cancel`. Register the URLs
 * of the last two at Wink.
 *
 * @throws `core/invalid_option`
 */
export function winkProvider(options: WinkProviderOptions): AuthProvider<'wink'> {
  checkOptions('winkProvider', options, ['client'])
  const { client } = options
  if (!isWink(client)) throw invalidOption('winkProvider', 'client', 'must be made by createWink')
  return { name: 'wink', mount: (host) => mountWink(client, host) }
}

function mountWink(client: Wink, { basePath }: ProviderHost): MountedProvider<'wink'> {
  const { origin } = client.signOutUrl({})
  return {
    signInPath: '/login',
    routes: [loginRoute(client, basePath), callbackRoute(client, basePath), cancelRoute],
    signOut: async (_credentials, _identity, { returnTo }) => ({ url: client.signOutUrl({ returnTo }) }),
    leaveOrigins: () => [origin],
  }
}

function isWink(value: unknown): value is Wink {
  return typeof value === 'object' && value !== null && 'startLogin' in value && 'signOutUrl' in value
}
