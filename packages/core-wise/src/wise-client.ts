import { encodeBase64url, importMacKey, type MacKey, mac } from '@latchkey/core/crypto'
import {
  checkOptions,
  invalidOption,
  type OptionRules,
  option,
  required,
  rule,
  systemClock,
} from '@latchkey/core/provider'
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
  readonly lifetimeSeconds?: number | undefined
  /** Makes the `nonce` claim, up to 36 characters: a random UUID by default; `false` leaves the claim out. */
  readonly nonce?: (() => string) | false | undefined
  /** The time in whole seconds since 1970. */
  readonly clock?: (() => number) | undefined
}

/** What a URL can be made with. */
export interface WiseRedirectOptions {
  /** The page of Wise to open, such as `/student/classes`. Default: the home page. */
  readonly path?: string | undefined
  /**
   * Whether `current_role` is sent beside `path`, with the user's `profile`. Default true. Wise's guide for joining a
   * live session (`/meeting/join/{class_id}`) leaves it out.
   */
  readonly currentRole?: boolean | undefined
}

/** Signs users in to Wise. Knows no sessions and no requests. */
export interface WiseClient {
  /** The origin that all URLs lead to: for CSP `form-action`. */
  readonly origin: string
  /**
   * Makes a URL that signs a user in to Wise. Anyone who has it is that user until it expires: make it when the
   * user clicks, redirect at once, and keep it out of pages and logs.
   *
   * @throws `wise/identity_count`, `wise/identity_invalid`, `wise/identity_unverified`, `wise/name_invalid`,
   * `wise/profile_invalid`, `wise/path_unsafe`, `wise/url_too_long`, `wise/nonce_invalid`, `wise/clock_invalid`, `core/invalid_option`
   */
  createRedirectUrl(user: WiseUser, options?: WiseRedirectOptions): Promise<string>
}

/**
 * Makes the signer of Wise URLs. Its tokens are byte for byte those of the vendor's reference signer.
 *
 * @throws `core/invalid_option` for a bad option, `wise/runs_in_browser`
 */
export function createWiseClient(options: WiseClientOptions): WiseClient {
  if ('window' in globalThis && 'document' in globalThis) throw wiseError('wise/runs_in_browser')
  const {
    whiteLabelUrl,
    jwtTokenSecret: secret,
    lifetimeSeconds = 120,
    nonce = () => crypto.randomUUID(),
    clock = systemClock,
  } = checkOptions('createWiseClient', options, wiseClientRules)
  const origin = whiteLabelOrigin(whiteLabelUrl)
  if (origin === null) {
    const must = 'must be a host or an https origin without path or query; http only on loopback'
    throw invalidOption('createWiseClient', 'whiteLabelUrl', must)
  }
  const start = `${origin}/identity-based-login?jwtToken=`
  let key: MacKey | undefined

  return {
    origin,
    async createRedirectUrl(user, given) {
      const { path, currentRole = true } =
        given === undefined ? nothing : checkOptions('createRedirectUrl', given, redirectRules)
      const { identity, profile, name } = userClaims(user)
      const page = path === undefined ? '' : pageParameters(path, currentRole ? profile : null)
      const iat = readClock(clock)
      const said = readNonce(nonce)
      const nonceMember = said === undefined ? '' : `"nonce":${JSON.stringify(said)},`
      // The order of the reference signer: equal bytes are the one proof of equality we have. As text, for an object that is
      // put together anew for each user costs as much as the signature.
      const who = `${JSON.stringify(identity).slice(0, -1)},"profile":"${profile}","name":${JSON.stringify(name)}`
      const input = `${header}.${encodeBase64url(`${who},"exp":${iat + lifetimeSeconds},${nonceMember}"iat":${iat}}`)}`
      key ??= await importMacKey(new TextEncoder().encode(secret))
      const url = `${start}${input}.${await mac(key, input)}${page}`
      if (url.length >= mostCharacters) throw wiseError('wise/url_too_long', { cause: { characters: url.length } })
      return url
    },
  }
}

/** What the options of {@link createWiseClient} must be. */
export const wiseClientRules: OptionRules<WiseClientOptions> = {
  whiteLabelUrl: required(option.text),
  jwtTokenSecret: required(
    rule('must be a text of at least 32 bytes without white space and control characters', isSecret),
  ),
  lifetimeSeconds: option.wholeNumber(30, 600),
  nonce: rule('must be a function or false', (value) => value === false || typeof value === 'function'),
  clock: option.function,
}

const nothing: WiseRedirectOptions = {}

const redirectRules: OptionRules<WiseRedirectOptions> = {
  // It has a code of its own.
  path: option.anything,
  currentRole: option.boolean,
}

const header = encodeBase64url('{"alg":"HS256","typ":"JWT"}')
const minimumSecretBytes = 32
const maximumNonceLength = 36
// Servers and proxies cut request lines near 8 kB.
const mostCharacters = 8000
const firstImplausibleSecond = 100_000_000_000

function pageParameters(path: string, role: WiseUser['profile'] | null): string {
  const page = `&redirectionUrl=${encodeRedirectionPath(path)}`
  return role === null ? page : `${page}&current_role=${role}`
}

function isSecret(value: unknown): boolean {
  if (typeof value !== 'string' || /[\s\p{Cc}\p{Cs}]/u.test(value)) return false
  return new TextEncoder().encode(value).length >= minimumSecretBytes
}

function readClock(clock: () => number): number {
  const now = clock()
  if (!Number.isInteger(now) || now < 0 || now >= firstImplausibleSecond) throw wiseError('wise/clock_invalid')
  return now
}

function readNonce(nonce: (() => string) | false): string | undefined {
  if (nonce === false) return undefined
  const value: unknown = nonce()
  if (typeof value !== 'string' || value === '' || value.length > maximumNonceLength) {
    // Nobody waits for a promise: what it rejects with must not end the process.
    Promise.resolve(value).catch(() => {})
    throw wiseError('wise/nonce_invalid')
  }
  return value
}
