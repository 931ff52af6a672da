import { clients, type User, type UserName, users } from '../seed.ts'
import type { CallbackFaults } from '../server/callback-faults.ts'
import type { Times } from '../server/faults.ts'
import { mutationOf, requireKnown } from '../server/known-names.ts'
import type { TokenFaults } from '../server/planned-tokens.ts'
import { openSystem, type RunningSystem, type Surroundings, type SystemOptions } from '../server/start-system.ts'
import { apiRoutes, realmRoutes, type WinkEndpoint } from './routes.ts'
import { createWinkState, type Interruption, interruptions, realm, vendor, type WinkSwitches } from './state.ts'

/** Where Wink listens. */
export interface WinkSystemOptions extends SystemOptions {
  /** The realm's own port, 0 for a free one. Without it the realm shares the API's. */
  readonly authPort?: number | undefined
  /** The origin at which browsers meet the realm, where it has a port of its own and a proxy before it. */
  readonly authPublicUrl?: string | undefined
  /** The redirect URIs to accept, or their beginnings where they end in `*`. By default any of this machine. */
  readonly redirectUris?: readonly string[] | undefined
  /** The origins whose pages may call the token endpoint and frame the capture page. By default any of this machine. */
  readonly webOrigins?: readonly string[] | undefined
}

/** A running Wink: the API that back ends call, and the realm that browsers visit. */
export interface EmulatedWink extends RunningSystem<WinkEndpoint>, TokenFaults, CallbackFaults {
  /** The API, which only back ends call. */
  readonly apiUrl: string
  /** Without `/realms/…`. */
  readonly authUrl: string
  /** The name of the realm. */
  readonly realm: string
  /** The `iss` of tokens. */
  readonly issuer: string
  /** The seeded client. */
  readonly clientId: string
  /** An example: it opens nothing but this emulator. */
  readonly clientSecret: string
  /** Those who can sign in. */
  readonly users: Readonly<Record<UserName, User>>
  /** What Wink leaves open; can be changed at any time. */
  readonly switches: WinkSwitches
  /**
   * Lets pages of this origin, such as `http://localhost:8080`, call the token endpoint and frame the capture page; from then
   * on no others.
   */
  registerWebOrigin(origin: string): void
  /** Accepts this redirect URI, or all that begin so where it ends in `*`; from then on no others. */
  registerRedirectUri(uri: string): void
  /** Ends the next recognised capture without a code. */
  interruptCapture(interruption: Interruption, options?: Times): void
  /** Makes the next code one that has expired. */
  expireCode(options?: Times): void
  /** Signs with a new key; `retire` unpublishes the earlier ones. */
  rotateKeys(options?: { readonly retire?: boolean }): Promise<void>
  /** Changes the next profile that verify-client gives; `wrong-token` makes it another user's. */
  mutateProfile(
    mutation: 'wrong-token' | ((profile: Record<string, unknown>) => Record<string, unknown>),
    options?: Times,
  ): void
}

export async function startWink(
  where: Surroundings & WinkSystemOptions,
): Promise<{ readonly system: EmulatedWink; close(): Promise<void> }> {
  const { common, serve, openPort, close } = await openSystem<WinkEndpoint>(where)
  const { authPort: port, authPublicUrl: publicUrl } = where
  const realmPort = port === undefined ? undefined : await openPort({ port, publicUrl }).catch(closeAndThrow(close))
  const authUrl = realmPort?.url ?? common.url
  const state = createWinkState(authUrl, common.clock)
  for (const uri of where.redirectUris ?? []) state.redirectUris.add(uri)
  for (const origin of where.webOrigins ?? []) state.webOrigins.add(origin)
  if (realmPort) {
    serve({ vendor, routes: apiRoutes(state) })
    realmPort.serve({ vendor, routes: realmRoutes(state) })
  } else {
    serve({ vendor, routes: [...apiRoutes(state), ...realmRoutes(state)] })
  }
  const system: EmulatedWink = {
    ...common,
    ...state.signer.faults,
    ...state.callbacks.faults,
    apiUrl: common.url,
    authUrl,
    realm,
    issuer: state.issuer,
    clientId: clients.wink.clientId,
    clientSecret: clients.wink.clientSecret,
    users,
    switches: state.switches,
    registerWebOrigin: (origin) => void state.webOrigins.add(origin),
    registerRedirectUri: (uri) => void state.redirectUris.add(uri),
    interruptCapture(interruption, { times } = {}) {
      requireKnown('interruption', interruption, interruptions)
      state.plannedInterruptions.add(interruption, times)
    },
    expireCode: ({ times } = {}) => state.plannedCodeLifetimes.add(0, times),
    rotateKeys: (options) => state.keys.rotate(options),
    mutateProfile: (mutation, { times } = {}) =>
      state.plannedProfiles.add(mutationOf(mutation, profileMutations), times),
    clearFaults() {
      common.clearFaults()
      state.signer.clear()
      state.callbacks.clear()
      state.plannedInterruptions.clear()
      state.plannedCodeLifetimes.clear()
      state.plannedProfiles.clear()
    },
  }
  return { system, close }
}

const profileMutations: Readonly<Record<string, (profile: Record<string, unknown>) => Record<string, unknown>>> = {
  'wrong-token': (profile) => ({ ...profile, winkToken: '0badbad0-0000-4000-8000-00000badbad0' }),
}

const closeAndThrow =
  (close: () => Promise<void>) =>
  async (error: unknown): Promise<never> => {
    await close()
    throw error
  }
