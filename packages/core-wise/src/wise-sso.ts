import { encodeBase64url, importMacKey, type MacKey, mac } from '@latchkey/core/crypto'
import { type Awaitable, checkOptions, invalidOption } from '@latchkey/core/provider'
import { wiseError } from './errors.ts'
import { encodeRedirectionPath } from './redirection-path.ts'
import { whiteLabelOrigin } from './white-label-url.ts'
import { userClaims, type WiseUser } from './wise-user.ts'

/** What {@link createWiseClient} takes. */
export interface WiseClientOptions {
  /** The white-label site of your company, with or without `https://`. Plain http is for loopback hosts. */
  readonly whiteLabelUrl: string
  /** The secret that Wise gave you, as it is: its characters are the key, it is not hex-decoded. */
  readonly jwtTokenSecret: string
  /** For how many seconds a URL signs in: 30 to 600, 120 by default. */
  readonly lifetimeSeconds?: number
  /** Makes the `nonce` claim, up to 36 characters: a random UUID by default; `false` leaves the claim out. */
  readonly nonce?: (() => string) | false
  /** The time in whole seconds since 1970. */
  readonly clock?: () => number
}

/** Signs users in to Wise. Knows no sessions and no requests. */
export interface WiseClient {
  /** The origin that all URLs lead to: for CSP `form-action`. */
  readonly origin: string
  /**
   * Makes a URL that signs a user in to Wise. Whoever has it is that user until it expires: make it when the
   * user clicks, redirect at once, and keep it out of pages and logs.
   *
   * @param options `path` opens another page than the home page, such as `/student/classes`.
   * @throws `wise/identity_count`, `wise/identity_invalid`, `wise/identity_unverified`, `wise/name_invalid`,
   * `wise/profile_invalid`, `wise/path_unsafe`, `wise/nonce_invalid`, `wise/clock_invalid`
   */
  createRedirectUrl(user: WiseUser, options?: { readonly path?: string }): Promise<string>
}

/**
 * Makes the signer of Wise URLs. Its tokens are byte for byte those of the vendor's reference signer.
 *
 * @throws `core/invalid_option` for a bad option, `wise/runs_in_browser`
 */
export function createWiseClient(options: WiseClientOptions): WiseClient {
  if ('window' in globalThis && 'document' in globalThis) throw wiseError('wise/runs_in_browser')
  const { origin, secret, lifetimeSeconds, nonce, clock } = readOptions(options)
  let key: Awaitable<MacKey> | undefined

  const sign = async (claims: object): Promise<string> => {
    key ??= importMacKey(new TextEncoder().encode(secret))
    const input = `${header}.${encodeBase64url(JSON.stringify(claims))}`
    return `${input}.${await mac(await key, input)}`
  }

  return {
    origin,
    async createRedirectUrl(user, urlOptions = {}) {
      checkOptions('createRedirectUrl', urlOptions, ['path'])
      const { identity, profile, name } = userClaims(user)
      const page = urlOptions.path === undefined ? '' : pageParameters(urlOptions.path, profile)
      const iat = readClock(clock)
      // The order of the reference signer: equal bytes are the one proof of equality we have.
      const claims = { ...identity, profile, name, exp: iat + lifetimeSeconds, nonce: readNonce(nonce), iat }
      return `${origin}/identity-based-login?jwtToken=${await sign(claims)}${page}`
    },
  }
}

const header = encodeBase64url('{"alg":"HS256","typ":"JWT"}')
const minimumSecretBytes = 32
const maximumNonceLength = 36
const firstImplausibleSecond = 100_000_000_000

function pageParameters(path: string, profile: WiseUser['profile']): string {
  return `&redirectionUrl=${encodeRedirectionPath(path)}&current_role=${profile}`
}

function readClock(clock: () => number): number {
  const now = clock()
  if (!Number.isInteger(now) || now < 0 || now >= firstImplausibleSecond) throw wiseError('wise/clock_invalid')
  return now
}

function readNonce(nonce: (() => string) | false): string | undefined {
  if (nonce === false) return undefined
  const value = nonce()
  if (typeof value !== 'string' || value === '' || value.length > maximumNonceLength) {
    throw wiseError('wise/nonce_invalid')
  }
  return value
}

function readOptions(options: WiseClientOptions) {
  const factory = 'createWiseClient'
  checkOptions(factory, options, ['whiteLabelUrl', 'jwtTokenSecret', 'lifetimeSeconds', 'nonce', 'clock'])
  const {
    whiteLabelUrl,
    jwtTokenSecret: secret,
    lifetimeSeconds = 120,
    nonce = () => crypto.randomUUID(),
    clock = () => Math.floor(Date.now() / 1000),
  } = options
  const origin = typeof whiteLabelUrl === 'string' ? whiteLabelOrigin(whiteLabelUrl) : null
  if (origin === null) {
    throw invalidOption(
      factory,
      'whiteLabelUrl',
      'must be a host or an https origin without path or query; http only on loopback',
    )
  }
  if (typeof secret !== 'string' || new TextEncoder().encode(secret).length < minimumSecretBytes) {
    throw invalidOption(factory, 'jwtTokenSecret', 'must be a string of at least 32 bytes')
  }
  if (/[\s\p{Cc}\p{Cs}]/u.test(secret)) {
    throw invalidOption(factory, 'jwtTokenSecret', 'must not have white space or control characters')
  }
  if (!Number.isInteger(lifetimeSeconds) || lifetimeSeconds < 30 || lifetimeSeconds > 600) {
    throw invalidOption(factory, 'lifetimeSeconds', 'must be a whole number of seconds from 30 to 600')
  }
  if (nonce !== false && typeof nonce !== 'function')
    throw invalidOption(factory, 'nonce', 'must be a function or false')
  if (typeof clock !== 'function') throw invalidOption(factory, 'clock', 'must be a function')
  return { origin, secret, lifetimeSeconds, nonce, clock }
}
