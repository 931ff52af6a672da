import { createVendorHttp, type VendorReports } from '@latchkey/core/http'
import { faultOf, isAuthError, type Seconds } from '@latchkey/core/provider'
import { failureCause } from '../errors/busy.ts'
import { oidcError } from '../errors/oidc-errors.ts'
import {
  type DiscoveryDocument,
  type DocumentRules,
  type Endpoint,
  readDiscoveryDocument,
} from './discovery-document.ts'

const maximumBytes = 256 * 1024

const freshSeconds = 60 * 60

const staleIfErrorSeconds = 24 * 60 * 60

/** After a failure nobody asks again for so long: a login's start must not become a hammer. */
const pauseSeconds = 10

/** The same while there is a document to go on with: asking a provider that does not answer costs someone 5 seconds. */
const longPauseSeconds = 60

/** What a provider says of itself, over time. */
export interface Discovery {
  /**
   * The document: cached for an hour, and for 24 while the provider does not answer or answers with a bad one.
   *
   * @throws `oidc/metadata_unavailable`, `oidc/metadata_invalid`, `oidc/metadata_issuer_mismatch`
   */
  read(): Promise<DiscoveryDocument>
  /** The document as it is at hand, without a request; null before the first was read. */
  known(): DiscoveryDocument | null
}

/** What {@link createDiscovery} takes, checked before. */
export interface DiscoverySettings extends DocumentRules {
  readonly fetch: typeof globalThis.fetch | undefined
  readonly clock: () => Seconds
  readonly reports: VendorReports
  /** Called when a newer document moved an endpoint to another origin, and so is not used. */
  onMoved(endpoint: Endpoint): void
  /** Called when a newer document could not be had, or is bad. */
  onFailed(error: unknown): void
}

/**
 * Reads `{issuer}/.well-known/openid-configuration` when it is first needed, once for all who wait: https, no redirect,
 * 256 KiB. A newer document that moves an endpoint to another origin is not used: the one before stays until a restart.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export function createDiscovery(settings: DiscoverySettings): Discovery {
  const { clock } = settings
  const http = createVendorHttp({ fetch: settings.fetch, maximumBytes, reports: settings.reports })
  const url = `${settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  let known: DiscoveryDocument | null = null
  let confirmedAt = 0
  let failed: { readonly error: unknown; readonly at: Seconds } | null = null
  let flight: Promise<DiscoveryDocument> | null = null

  async function load(): Promise<DiscoveryDocument> {
    const startedAt = clock()
    try {
      const document = readDiscoveryDocument(await request(), settings)
      const moved = known === null ? undefined : movedEndpoint(known, document)
      if (moved === undefined) known = successor(known, document)
      else settings.onMoved(moved)
      confirmedAt = startedAt
      failed = null
      return known ?? document
    } catch (error) {
      failed = { error, at: clock() }
      settings.onFailed(error)
      throw error
    } finally {
      flight = null
    }
  }

  async function request(): Promise<unknown> {
    const { status, headers, body } = await http
      .json(url, { retry: true, endpoint: 'discovery' })
      .catch((error: unknown) => {
        throw oidcError('oidc/metadata_unavailable', { cause: isAuthError(error) ? faultOf(error) : {} })
      })
    if (status !== 200) throw oidcError('oidc/metadata_unavailable', { cause: failureCause({ status, headers }) })
    return body
  }

  /** How old the document at hand is. Absolute: a clock that is set back must not keep it fresh. */
  const age = (): Seconds => (known === null ? Number.POSITIVE_INFINITY : Math.abs(clock() - confirmedAt))

  return {
    async read() {
      if (known !== null && age() < freshSeconds) return known
      const pause = known === null ? pauseSeconds : longPauseSeconds
      try {
        if (failed !== null && flight === null && Math.abs(clock() - failed.at) < pause) throw failed.error
        flight ??= load()
        return await flight
      } catch (error) {
        if (known !== null && age() < staleIfErrorSeconds) return known
        throw error
      }
    },
    known: () => known,
  }
}

/**
 * The endpoint that a newer document has at another origin than before. One that is new must be at an origin that the
 * document before had: it would be sent tokens, too.
 */
function movedEndpoint(before: DiscoveryDocument, after: DiscoveryDocument): Endpoint | undefined {
  const origins = Object.values(before.endpoints).map(originOf)
  const names = Object.keys(after.endpoints) as Endpoint[]
  return names.find((name) => {
    const [old, now] = [before.endpoints[name], after.endpoints[name]]
    if (now === undefined) return false
    return old === undefined ? !origins.includes(originOf(now)) : originOf(old) !== originOf(now)
  })
}

function originOf(url: string): string {
  return new URL(url).origin
}

/** The newer document; the one before where both say the same. A promise of `iss` once given stays (RFC 9207, 2.4). */
function successor(before: DiscoveryDocument | null, after: DiscoveryDocument): DiscoveryDocument {
  const next = { ...after, promisesIssuer: after.promisesIssuer || before?.promisesIssuer === true }
  return before !== null && JSON.stringify(before) === JSON.stringify(next) ? before : next
}
