import { clients, type User, type UserName, users } from '../seed.ts'
import type { Route } from '../server/router.ts'
import { openSystem, type RunningSystem, type Surroundings } from '../server/start-system.ts'
import { identityBasedLogin } from './identity-based-login.ts'
import { classPage } from './launch-pages.ts'
import { createWiseState, type Member, vendor, type WiseState, type WiseSwitches } from './state.ts'

/** The short names of Wise's endpoints, for the journal and for faults. */
export type WiseEndpoint = 'identity-based-login' | 'classes'

/** A running Wise white label. */
export interface EmulatedWise extends RunningSystem<WiseEndpoint> {
  /** The address of the site. */
  readonly whiteLabelUrl: string
  /** 32 hexadecimal digits, an example: it opens nothing but this emulator. */
  readonly jwtTokenSecret: string
  /** Those whom the other systems know. */
  readonly users: Readonly<Record<UserName, User>>
  /** The site's accounts; those that a launch creates are added. */
  readonly directory: readonly Member[]
  /** What Wise leaves open; can be changed at any time. */
  readonly switches: WiseSwitches
}

export async function startWise(
  where: Surroundings,
): Promise<{ readonly system: EmulatedWise; close(): Promise<void> }> {
  const { common, serve, close } = await openSystem<WiseEndpoint>(where)
  const state = createWiseState(common.url, common.clock)
  serve({ vendor, routes: routesOf(state) })
  const system: EmulatedWise = {
    ...common,
    whiteLabelUrl: common.url,
    jwtTokenSecret: clients.wise.jwtTokenSecret,
    users,
    directory: state.directory,
    switches: state.switches,
  }
  return { system, close }
}

const routesOf = (state: WiseState): readonly Route<WiseEndpoint>[] => [
  { endpoint: 'identity-based-login', method: 'GET', path: '/identity-based-login', handle: identityBasedLogin(state) },
  { endpoint: 'classes', method: 'GET', path: '/:profile/classes', handle: classPage(state) },
  { endpoint: 'classes', method: 'GET', path: '/:profile/classes/:classId/resources', handle: classPage(state) },
]
