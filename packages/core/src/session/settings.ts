import { checkFunction, checkOptions, invalidOption } from '../errors/options.ts'
import type { Credentials, Identities, Identity } from '../model/identity.ts'
import type { Awaitable } from '../model/json.ts'
import type { Seconds } from '../model/time.ts'

/** How long sessions live, and what their cookie is called. */
export interface SessionLifetimes {
  /** Begins with `__Host-`. Default `__Host-latchkey`. */
  readonly cookieName?: string
  /** A session ends this long after its last use. Default 3600. */
  readonly idleSeconds?: Seconds
  /** A session ends this long after its first sign-in, used or not. Default 43200. */
  readonly absoluteSeconds?: Seconds
}

/** Sessions in sealed cookies: nothing is kept on the server. */
export interface CookieSessionOptions extends SessionLifetimes {
  readonly kind: 'cookie'
  /** The size of the sealed session at most, from 1000 to 11250. Default 7500: two cookies at most; over it, three. */
  readonly maxCookieBytes?: number
}

/** Sessions in the vault's store: the cookie is a random token, and a sign-out holds everywhere at once. */
export interface StoreSessionOptions extends SessionLifetimes {
  readonly kind: 'store'
}

/** The app has sessions of its own; Latchkey signs people in and hands them over. */
export interface OwnSessionOptions {
  readonly kind: 'own'
  /** Takes a person who has signed in, into the session of the app. What it throws ends the sign-in. */
  signedIn(
    identity: [keyof Identities] extends [never] ? Identity : Identities[keyof Identities],
    context: { readonly native: unknown; readonly credentials: Credentials | null },
  ): Awaitable<void>
}

/** How sessions are kept. */
export type SessionOptions = CookieSessionOptions | StoreSessionOptions | OwnSessionOptions

/** Options of sessions in cookies, with every default filled in. */
export type CookieSessionSettings = Required<CookieSessionOptions>

/** Options of sessions in the store, with every default filled in. */
export type StoreSessionSettings = Required<StoreSessionOptions>

/** Options of the app's own sessions; the rest serves logins. */
export type OwnSessionSettings = Required<OwnSessionOptions & SessionLifetimes>

/** Session options with every default filled in. */
export type SessionSettings = CookieSessionSettings | StoreSessionSettings | OwnSessionSettings

const lifetimeOptions = ['kind', 'cookieName', 'idleSeconds', 'absoluteSeconds']

const smallestBudget = 1000

const largestBudget = 11_250

/**
 * Checks session options and fills in the defaults.
 *
 * @throws `core/invalid_option`
 */
export function sessionSettings(given: SessionOptions = { kind: 'cookie' }): SessionSettings {
  switch (given?.kind) {
    case 'cookie': {
      const options = checkOptions('createAuth', given, [...lifetimeOptions, 'maxCookieBytes'])
      const maxCookieBytes = options.maxCookieBytes ?? 7500
      checkWholeNumber('maxCookieBytes', maxCookieBytes, [smallestBudget, largestBudget])
      return { kind: 'cookie', ...lifetimes(options), maxCookieBytes }
    }
    case 'store':
      return { kind: 'store', ...lifetimes(checkOptions('createAuth', given, lifetimeOptions)) }
    case 'own': {
      const { signedIn } = checkOptions('createAuth', given, ['kind', 'signedIn'])
      if (signedIn === undefined) throw invalidOption('createAuth', 'session.signedIn', 'must be a function')
      checkFunction('createAuth', 'session.signedIn', signedIn)
      return { kind: 'own', ...lifetimes({}), signedIn }
    }
    default:
      throw invalidOption('createAuth', 'session.kind', "must be 'cookie', 'store' or 'own'")
  }
}

function lifetimes(options: SessionLifetimes): Required<SessionLifetimes> {
  const { cookieName = '__Host-latchkey', idleSeconds = 3600, absoluteSeconds = 43_200 } = options
  if (!/^__Host-[A-Za-z0-9_-]{1,64}$/.test(cookieName)) {
    throw invalidOption('createAuth', 'session.cookieName', 'must be `__Host-` and 1 to 64 letters, digits, `_` or `-`')
  }
  checkWholeNumber('idleSeconds', idleSeconds, [1, absoluteSeconds])
  checkWholeNumber('absoluteSeconds', absoluteSeconds, [1, 34_560_000])
  return { cookieName, idleSeconds, absoluteSeconds }
}

function checkWholeNumber(name: string, value: number, [least, most]: readonly [number, number]): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw invalidOption('createAuth', `session.${name}`, `must be a whole number from ${least} to ${most}`)
  }
}
