import { type Emulator, startEmulator } from '@latchkey/emulator'
import { isConfigured, readPort, readPorts, type Variables } from '../environment.ts'
import { originAt } from '../framework.ts'
import type { Systems } from './journeys.ts'
import { startOpenIdProvider } from './openid-provider.ts'
import type { Row } from './starting-table.ts'

/** The systems that the environment did not configure, emulated. */
export interface MissingSystems {
  /** The configuration that the servers need for them. */
  readonly variables: Variables
  readonly rows: readonly Row[]
  readonly emulated: Systems
  close(): Promise<void>
}

/**
 * Starts an emulator for each system that is not configured, and npm's `oidc-provider` for the OpenID provider.
 *
 * @throws if a system is configured only in part, or a port is taken
 */
export async function startMissingSystems(variables: Variables): Promise<MissingSystems> {
  const port = (name: string, standard: number): { port: number } => ({ port: readPort(variables, name, standard) })
  const real = {
    wristband: isConfigured('wristband', variables),
    wink: isConfigured('wink', variables),
    wise: isConfigured('wise', variables),
  }
  const emulator = await startEmulator({
    wristband: real.wristband ? false : port('WRISTBAND_EMULATOR_PORT', 4001),
    wink: real.wink ? false : port('WINK_EMULATOR_PORT', 4002),
    wise: real.wise ? false : port('WISE_EMULATOR_PORT', 4003),
  })
  const { wristband, wink, wise } = emulator
  const origins = Object.values(readPorts(variables)).map(originAt)
  const openId = isConfigured('oidc', variables)
    ? null
    : await startOpenIdProvider(readPort(variables, 'OIDC_PROVIDER_PORT', 4004), origins).catch(
        async (error: unknown) => {
          await emulator.close()
          throw error
        },
      )
  for (const origin of origins) {
    wristband?.registerRedirectUri(`${origin}/auth/wristband/callback`)
    wristband?.registerLogoutUrl(`${origin}/auth/logout/next`)
    wink?.registerWebOrigin(origin)
  }
  if (wise !== null) wise.switches.unknownUser = 'create'
  return {
    emulated: emulator,
    variables: {
      EMULATED_SYSTEMS: Object.entries(real)
        .flatMap(([name, isReal]) => (isReal ? [] : [name]))
        .join(','),
      ...(wristband === null ? {} : wristbandVariables(wristband)),
      ...(wink === null
        ? {}
        : {
            WINK_CLIENT_ID: wink.clientId,
            WINK_CLIENT_SECRET: wink.clientSecret,
            WINK_API_URL: wink.apiUrl,
            WINK_AUTH_URL: wink.authUrl,
          }),
      ...(openId === null
        ? {}
        : { OIDC_ISSUER: openId.issuer, OIDC_CLIENT_ID: openId.clientId, OIDC_CLIENT_SECRET: openId.clientSecret }),
      ...(wise === null ? {} : { WISE_WHITE_LABEL_URL: wise.url, WISE_JWT_TOKEN_SECRET: wise.jwtTokenSecret }),
    },
    rows: [
      systemRow('Wristband', wristband?.url, variables.WRISTBAND_APPLICATION_DOMAIN),
      systemRow('Wink', wink?.url, variables.WINK_AUTH_URL),
      systemRow('Wise', wise?.url, variables.WISE_WHITE_LABEL_URL),
      { ...systemRow('OpenID', openId?.issuer, variables.OIDC_ISSUER), ...(openId && { what: 'oidc-provider' }) },
    ],
    async close() {
      await emulator.close()
      await openId?.close()
    },
  }
}

function wristbandVariables(wristband: NonNullable<Emulator['wristband']>): Variables {
  const { acme, globex } = wristband.tenants
  return {
    WRISTBAND_CLIENT_ID: wristband.clientId,
    WRISTBAND_CLIENT_SECRET: wristband.clientSecret,
    WRISTBAND_APPLICATION_DOMAIN: wristband.applicationDomain,
    WRISTBAND_TENANT: acme.name,
    WRISTBAND_TENANT_IDS: [acme, globex].map(({ name, id }) => `${name}=${id}`).join(','),
  }
}

function systemRow(name: string, emulated: string | undefined, real: string | undefined): Row {
  return emulated === undefined
    ? { name, what: 'the real system', url: real ?? '' }
    : { name, what: 'emulated here', url: emulated }
}
