import { checkOptions, invalidOption } from '../options.ts'
import type { Seconds } from './identity.ts'

/** How sessions are kept. */
export interface SessionOptions {
  /** In a sealed cookie: nothing is kept on the server. */
  readonly kind: 'cookie'
  /** Begins with `__Host-`. Default `__Host-latchkey`. */
  readonly cookieName?: string
  /** A session ends this long after its last use. Default 3600. */
  readonly idleSeconds?: Seconds
  /** A session ends this long after its first sign-in, used or not. Default 43200. */
  readonly absoluteSeconds?: Seconds
  /** The size of the sealed session at most, from 1000 to 11250. Default 7500: two cookies at most; over it, three. */
  readonly maxCookieBytes?: number
}

/** Session options with every default filled in. */
export type SessionSettings = Required<SessionOptions>

const smallestBudget = 1000
const largestBudget = 11_250

/**
 * Checks session options and fills in the defaults.
 *
 * @throws `core/invalid_option`
 */
export function sessionSettings(given: SessionOptions = { kind: 'cookie' }): SessionSettings {
  const known = ['kind', 'cookieName', 'idleSeconds', 'absoluteSeconds', 'maxCookieBytes']
  const options = checkOptions('createAuth', given, known)
  const settings = {
    kind: options.kind,
    cookieName: options.cookieName ?? '__Host-latchkey',
    idleSeconds: options.idleSeconds ?? 3600,
    absoluteSeconds: options.absoluteSeconds ?? 43_200,
    maxCookieBytes: options.maxCookieBytes ?? 7500,
  }
  if (settings.kind !== 'cookie') throw invalidOption('createAuth', 'session.kind', "must be 'cookie'")
  if (!/^__Host-[A-Za-z0-9_-]{1,64}$/.test(settings.cookieName)) {
    throw invalidOption('createAuth', 'session.cookieName', 'must be `__Host-` and 1 to 64 letters, digits, `_` or `-`')
  }
  checkWholeNumber('idleSeconds', settings.idleSeconds, [1, settings.absoluteSeconds])
  checkWholeNumber('absoluteSeconds', settings.absoluteSeconds, [1, 34_560_000])
  checkWholeNumber('maxCookieBytes', settings.maxCookieBytes, [smallestBudget, largestBudget])
  return settings
}

function checkWholeNumber(name: string, value: number, [least, most]: readonly [number, number]): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw invalidOption('createAuth', `session.${name}`, `must be a whole number from ${least} to ${most}`)
  }
}
