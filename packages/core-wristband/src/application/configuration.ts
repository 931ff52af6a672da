import { createBudget, type Seconds } from '@latchkey/core/provider'
import { createDomains, type Domains } from '../tenant/domains.ts'
import type { Connection } from './connection.ts'
import type { WristbandClientOptions } from './options.ts'
import type { SdkConfiguration } from './sdk-configuration-schema.ts'

/** How an application is set up at Wristband: what the options say, and for the rest what Wristband says. */
export interface Configuration {
  readonly domains: Domains
  /** The page where users look for their tenant. */
  readonly loginPageUrl: string
  /** Whether a login may begin without a tenant. */
  readonly applicationAuthorization: boolean
  /** The one redirect URI that is registered; null where there are several, or nobody was asked. */
  readonly redirectUri: string | null
  /** Our own login route as it is registered; null where nobody was asked. */
  readonly loginUrl: string | null
}

/** Where the configuration comes from. */
export interface ConfigurationSource {
  /**
   * The configuration, fetched if it must be. What was fetched is asked again after an hour, and kept while that fails.
   *
   * @throws `wristband/configuration_unavailable`, `wristband/configuration_invalid`, and `core/…` of the transport
   */
  read(): Promise<Configuration>
  /** The configuration as far as it is known, without a request; null where it still has to be fetched. */
  known(): Configuration | null
}

interface Surroundings {
  readonly origin: string
  readonly connection: () => Promise<Connection>
  readonly clock: () => Seconds
}

const freshSeconds = 3600

const retrySeconds = 60

/** Makes the source of an application's configuration: fixed, or with `autoConfigure` fetched. */
export function createConfigurationSource(options: WristbandClientOptions, where: Surroundings): ConfigurationSource {
  if (options.autoConfigure !== true) {
    const fixed = combine(options, null, where.origin)
    return { read: async () => fixed, known: () => fixed }
  }
  const { clock } = where
  let kept: Configuration | null = null
  let askAgainAt = 0
  let flight: Promise<Configuration> | null = null
  let failure: unknown
  // Logins begin by themselves for anyone: while Wristband cannot say, they must not become a hammer.
  const takeTurn = createBudget({ atOnce: 10, perSecond: 1, clock })

  async function ask(): Promise<Configuration> {
    try {
      const { fetchConfiguration } = await import('./fetch-configuration.ts')
      const { http } = await where.connection()
      const { origin } = where
      kept = combine(options, await fetchConfiguration(http, origin, options.clientId), origin)
      askAgainAt = clock() + freshSeconds
      return kept
    } catch (error) {
      failure = error
      if (kept === null) throw error
      askAgainAt = clock() + retrySeconds
      return kept
    } finally {
      flight = null
    }
  }
  return {
    async read() {
      if (kept !== null && clock() < askAgainAt) return kept
      if (flight === null && kept === null && !takeTurn()) throw failure
      flight ??= ask()
      return flight
    },
    known: () => kept,
  }
}

function combine(options: WristbandClientOptions, fetched: SdkConfiguration | null, origin: string): Configuration {
  const { isApplicationCustomDomainActive: isActive } = options
  return {
    domains: createDomains(options.applicationDomain, isActive ?? fetched?.isApplicationCustomDomainActive ?? false),
    loginPageUrl: options.loginPageUrl ?? fetched?.customApplicationLoginPageUrl ?? `${origin}/login`,
    applicationAuthorization:
      options.applicationAuthorization ?? fetched?.applicationAuthorizationRequestsEnabled ?? false,
    redirectUri: fetched?.redirectUri ?? null,
    loginUrl: fetched?.loginUrl ?? null,
  }
}
