import { randomToken } from '../crypto/index.ts'
import type { Vault } from '../vault/vault.ts'

/** What a `state` says about the login that it belongs to. */
export interface StateContent {
  readonly provider: string
  /** The host that the login began on. */
  readonly host: string
  /** How often the login was begun again in a row. */
  readonly restarts: number
}

const macPurpose = 'state'

/**
 * Makes a `state`: random, with the count of restarts and the host inside, authenticated. URL-safe.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-10.12
 */
export async function makeState(vault: Vault, { provider, host, restarts }: StateContent): Promise<string> {
  const content = `${randomToken(24)}.${restarts}.${host.replaceAll(':', '~')}`
  return `${content}.${await vault.mac(macPurpose, `${provider} ${content}`)}`
}

/** Reads a `state` that this provider's login was begun with; null for any other text. */
export async function readState(vault: Vault, provider: string, state: string): Promise<StateContent | null> {
  if (state.length > 512) return null
  const end = state.lastIndexOf('.')
  const content = state.slice(0, end)
  if (end < 1 || !(await vault.checkMac(macPurpose, `${provider} ${content}`, state.slice(end + 1)))) return null
  const [, restarts = '', ...host] = content.split('.')
  return { provider, host: host.join('.').replaceAll('~', ':'), restarts: Number(restarts) }
}
