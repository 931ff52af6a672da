import { clients, type Person, type PersonName, people } from '../seed.ts'
import type { Times } from '../server/faults.ts'
import type { TokenFaults } from '../server/planned-tokens.ts'
import type { Route } from '../server/router.ts'
import { openSystem, type RunningSystem, type Surroundings } from '../server/start-system.ts'
import { authorize } from './authorize.ts'
import { capture, capturePath } from './capture-page.ts'
import { logout } from './logout.ts'
import { certs, discovery, userinfo } from './metadata.ts'
import { createSession } from './session-api.ts'
import { createWinkState, realm, vendor, type WinkState, type WinkSwitches } from './state.ts'
import { token } from './token.ts'
import { verifyClient } from './verify-client.ts'

/** The short names of Wink's endpoints, for the journal and for faults. */
export type WinkEndpoint =
  | 'session'
  | 'verify-client'
  | 'authorize'
  | 'capture'
  | 'token'
  | 'certs'
  | 'userinfo'
  | 'logout'
  | 'discovery'

/** A running Wink: its API and its realm share one origin. */
export interface EmulatedWink extends RunningSystem<WinkEndpoint>, TokenFaults {
  readonly apiUrl: string
  /** Without `/realms/…`. */
  readonly authUrl: string
  readonly realm: string
  readonly issuer: string
  readonly clientId: string
  /** An example: it opens nothing but this emulator. */
  readonly clientSecret: string
  readonly people: Readonly<Record<PersonName, Person>>
  readonly switches: WinkSwitches
  /** Signs with a new key; `retire` unpublishes the earlier ones. */
  rotateKeys(options?: { readonly retire?: boolean }): Promise<void>
  /** Changes the next profile that verify-client gives; `wrong-token` makes it another person's. */
  mutateProfile(
    mutation: 'wrong-token' | ((profile: Record<string, unknown>) => Record<string, unknown>),
    options?: Times,
  ): void
}

export async function startWink(
  where: Surroundings,
): Promise<{ readonly system: EmulatedWink; close(): Promise<void> }> {
  const { common, serve, close } = await openSystem<WinkEndpoint>(where)
  const state = await createWinkState(common.url, common.clock)
  serve({ vendor, routes: routesOf(state) })
  const system: EmulatedWink = {
    ...common,
    ...state.signer.faults,
    apiUrl: common.url,
    authUrl: common.url,
    realm,
    issuer: state.issuer,
    clientId: clients.wink.clientId,
    clientSecret: clients.wink.clientSecret,
    people,
    switches: state.switches,
    rotateKeys: (options) => state.keys.rotate(options),
    mutateProfile: (mutation, { times } = {}) =>
      state.plannedProfiles.add(
        mutation === 'wrong-token'
          ? (profile) => ({ ...profile, winkToken: '0badbad0-0000-4000-8000-00000badbad0' })
          : mutation,
        times,
      ),
    clearFaults() {
      common.clearFaults()
      state.signer.clear()
      state.plannedProfiles.clear()
    },
  }
  return { system, close }
}

function routesOf(state: WinkState): readonly Route<WinkEndpoint>[] {
  const base = `/realms/${realm}/protocol/openid-connect`
  return [
    { endpoint: 'session', method: 'POST', path: '/wink/v1/session', handle: createSession(state) },
    {
      endpoint: 'verify-client',
      method: 'POST',
      path: '/api/ConfidentialClient/verify-client',
      handle: verifyClient(state),
    },
    { endpoint: 'authorize', method: 'GET', path: `${base}/auth`, handle: authorize(state) },
    { endpoint: 'capture', method: 'POST', path: capturePath, handle: capture(state) },
    { endpoint: 'token', method: 'POST', path: `${base}/token`, handle: token(state) },
    { endpoint: 'certs', method: 'GET', path: `${base}/certs`, handle: certs(state) },
    { endpoint: 'userinfo', method: 'GET', path: `${base}/userinfo`, handle: userinfo(state) },
    { endpoint: 'logout', method: 'GET', path: `${base}/logout`, handle: logout(state) },
    { endpoint: 'logout', method: 'POST', path: `${base}/logout`, handle: logout(state) },
    {
      endpoint: 'discovery',
      method: 'GET',
      path: `/realms/${realm}/.well-known/openid-configuration`,
      handle: discovery(state),
    },
  ]
}
