import { refuse } from '../journeys.ts'
import type { Plan } from '../module.ts'
import { backChannelLogout } from './back-channel-logout.ts'
import { basic } from './basic.ts'
import { config } from './config.ts'
import { fapi } from './fapi.ts'
import { logout } from './logout.ts'
import { refresh } from './refresh.ts'
import { untidy } from './untidy.ts'

const comprehensive: Plan = {
  name: 'Comprehensive',
  prefix: 'oidcc-client-test',
  modules: [
    {
      id: 'X1',
      name: '-missing-aud',
      misbehaviour: 'ID token without `aud`',
      required: 'refuses',
      knobs: { idToken: (claims) => delete claims['aud'] },
      run: refuse('oidc/audience_mismatch'),
    },
  ],
}

/** Every module that applies to a relying party by code and PKCE. */
export const plans: readonly Plan[] = [basic, config, refresh, logout, backChannelLogout, comprehensive, fapi, untidy]
