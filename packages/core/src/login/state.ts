import { randomToken } from '../crypto/index.ts'
import type { Origins } from '../request/origins.ts'
import type { Vault } from '../vault/vault.ts'

/** What a `state` says about the login that it belongs to. */
export interface StateContent {
  readonly provider: string
  /** The origin of ours that the login began at. */
  readonly origin: string
  /** How often the login was begun again in a row. */
  readonly restarts: number
}

const macPurpose = 'state'

/**
 * Makes a `state`: random, with the count of restarts and the host inside; authenticated with the whole origin. URL-safe.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-10.12
 */
export async function makeState(vault: Vault, { provider, origin, restarts }: StateContent): Promise<string> {
  const content = `${randomToken(24)}.${restarts}.${hostOf(origin).replaceAll(':', '~')}`
  return `${content}.${await vault.mac(macPurpose, `${provider} ${origin} ${content}`)}`
}

function hostOf(origin: string): string {
  return origin.slice(origin.indexOf('//') + 2)
}

/** Reads a `state` that this provider's login was begun with at one of our origins; null for any other text. */
export async function readState(
  { vault, origins }: { readonly vault: Vault; readonly origins: Origins },
  provider: string,
  state: string,
): Promise<StateContent | null> {
  if (state.length > 512) return null
  const end = state.lastIndexOf('.')
  const content = state.slice(0, end)
  const [, restarts = '', ...host] = content.split('.')
  const origin = end < 1 ? null : origins.ofHost(host.join('.').replaceAll('~', ':'))
  if (origin === null) return null
  if (!(await vault.checkMac(macPurpose, `${provider} ${origin} ${content}`, state.slice(end + 1)))) return null
  return { provider, origin, restarts: Number(restarts) }
}
