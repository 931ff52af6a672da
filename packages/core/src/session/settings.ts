import { coreError } from '../errors/core-errors.ts'
import { checkOptions, invalidOption, option, required, rule } from '../errors/options.ts'
import type { FrameworkRequest } from '../model/framework-request.ts'
import type { AnyIdentity, Tokens } from '../model/identity.ts'
import type { Awaitable } from '../model/json.ts'
import type { Seconds } from '../model/time.ts'

/** How long sessions live, and what their cookie is called. */
export interface SessionLifetimes {
  /** Begins with `__Host-`; no dot. Default `__Host-latchkey`. */
  readonly cookieName?: string | undefined
  /** A session ends this long after its last use. Default 3600. */
  readonly idleSeconds?: Seconds | undefined
  /** A session ends this long after its first sign-in, used or not. Default 43200. */
  readonly absoluteSeconds?: Seconds | undefined
}

/** Sessions in sealed cookies: nothing is kept on the server. */
export interface CookieSessionOptions extends SessionLifetimes {
  /** The whole session is sealed in the cookie. The default. */
  readonly strategy: 'cookie'
  /** The size of the sealed session at most, from 1000 to 11250. Default 6400: two cookies at most; over 7500, three. */
  readonly maxCookieBytes?: number | undefined
}

/** Sessions in the store: the cookie is a random token, and a sign-out holds everywhere at once. */
export interface StoreSessionOptions extends SessionLifetimes {
  /** The session is in a store, and the cookie holds its key. */
  readonly strategy: 'store'
}

/** The app has sessions of its own; Latchkey signs users in and hands them over. */
export interface ExternalSessionOptions {
  /** The app keeps its own sessions. */
  readonly strategy: 'external'
  /**
   * Takes a user who has signed in into the session of the app. What it throws ends the sign-in. Required as soon as a
   * provider signs users in.
   */
  readonly onSignedIn?:
    | ((
        identity: AnyIdentity,
        context: { readonly frameworkRequest: FrameworkRequest; readonly tokens: Tokens | null },
      ) => Awaitable<void>)
    | undefined
}

/** How sessions are kept. */
export type SessionOptions = CookieSessionOptions | StoreSessionOptions | ExternalSessionOptions

type Filled<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> }

/** Options of sessions in cookies, with every default filled in. */
export type CookieSessionSettings = Filled<CookieSessionOptions>

/** Options of sessions in the store, with every default filled in. */
export type StoreSessionSettings = Filled<StoreSessionOptions>

/** Options of the app's own sessions; the lifetimes are those of logins. */
export type ExternalSessionSettings = ExternalSessionOptions & Filled<SessionLifetimes>

/** Session options with every default filled in. */
export type SessionSettings = CookieSessionSettings | StoreSessionSettings | ExternalSessionSettings

/** Refuses what works on Latchkey's own sessions alone. @throws `core/sessions_external` */
export function refuseExternal({ strategy }: SessionSettings): void {
  if (strategy === 'external') throw coreError('core/sessions_external')
}

const factory = 'createAuth: session'

const defaults = { cookieName: '__Host-latchkey', idleSeconds: 3600, absoluteSeconds: 43_200 }

const strategy = required(option.anything)

const lifetimeRules = {
  cookieName: rule(
    'must be `__Host-` and 1 to 64 letters, digits, `_` or `-`',
    (value) => typeof value === 'string' && /^__Host-[A-Za-z0-9_-]{1,64}$/.test(value),
  ),
  idleSeconds: option.wholeNumber(1, 34_560_000),
  absoluteSeconds: option.wholeNumber(1, 34_560_000),
}

/**
 * Checks session options and fills in the defaults.
 *
 * @throws `core/invalid_option`
 */
export function sessionSettings(given: SessionOptions = { strategy: 'cookie' }): SessionSettings {
  switch (given.strategy) {
    case 'cookie': {
      const rules = { strategy, ...lifetimeRules, maxCookieBytes: option.wholeNumber(1000, 11_250) }
      const options = checkOptions<CookieSessionOptions>(factory, given, rules)
      return { strategy: 'cookie', ...lifetimes(options), maxCookieBytes: options.maxCookieBytes ?? 6400 }
    }
    case 'store': {
      const options = checkOptions<StoreSessionOptions>(factory, given, { strategy, ...lifetimeRules })
      return { strategy: 'store', ...lifetimes(options) }
    }
    case 'external':
      return {
        ...defaults,
        ...checkOptions<ExternalSessionOptions>(factory, given, { strategy, onSignedIn: option.function }),
      }
    default:
      throw invalidOption(factory, 'strategy', "must be 'cookie', 'store' or 'external'")
  }
}

function lifetimes(options: SessionLifetimes): Filled<SessionLifetimes> {
  const { cookieName = defaults.cookieName, idleSeconds = defaults.idleSeconds } = options
  const { absoluteSeconds = defaults.absoluteSeconds } = options
  if (idleSeconds > absoluteSeconds) throw invalidOption(factory, 'idleSeconds', 'must be at most `absoluteSeconds`')
  return { cookieName, idleSeconds, absoluteSeconds }
}
