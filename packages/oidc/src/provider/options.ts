import type { SignatureAlgorithm } from '@latchkey/core/crypto'
import {
  algorithmList,
  type BaseProfile,
  checkOptions,
  checkOrigin,
  clockTolerance,
  invalidOption,
  isLoopback,
  type JsonObject,
  type OptionRules,
  option,
  parseWebUrl,
  required,
  rule,
  type Seconds,
  scopeList,
} from '@latchkey/core/provider'
import type { ClientSecret } from '../client/client-authentication.ts'
import { reservedParameters } from '../client/code-flow.ts'
import { isAddress } from '../client/discovery-document.ts'
import { type AuthenticationChoice, type PrivateKey, toAuthenticationChoice } from './authentication.ts'
import { type BearerOptions, checkBearer } from './bearer-options.ts'
import type { UserClaims } from './user-claims.ts'

/** What `oidcProvider` takes. */
export interface OidcProviderOptions<Name extends string> {
  /** The provider's name: its routes are at `{basePath}/{name}`, its identities at `session.identities[name]`. */
  readonly name: Name
  /** Discovery is at `{issuer}/.well-known/openid-configuration`; its `issuer` must be this one, character by character. */
  readonly issuer: string
  /** Of the client at the provider. */
  readonly clientId: string
  /** Proves the client; while it is being replaced, a list with the newest first. */
  readonly clientSecret?: ClientSecret | undefined
  /** `openid` must be among them. Default `['openid', 'profile', 'email']`. */
  readonly scopes?: readonly string[] | undefined
  /** Further parameters of the authorization request, such as `{ access_type: 'offline' }`. Those of a link win. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined
  /**
   * What the session keeps of the user's claims: those of the ID token and of userinfo together, where what is signed
   * wins, and apart. Default: `name`, `email`, `emailVerified`, `picture`. Synchronous.
   */
  readonly profile?: ((claims: JsonObject, apart: UserClaims) => BaseProfile) | undefined
  /** Keeps the tokens for `getAccessToken` and refresh. Default true. */
  readonly storeTokens?: boolean | undefined
  /** Which access tokens `requireBearer` accepts; none by default. */
  readonly bearer?: BearerOptions | undefined
  /** Proves the client in place of a secret. */
  readonly privateKey?: PrivateKey | undefined
  /**
   * How the client proves itself. Default: by `clientSecret` in an `Authorization` header, or in the body if the provider
   * takes no header; by `privateKey`; without either as a public client, by PKCE alone.
   */
  readonly clientAuthentication?: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none' | undefined
  /** Accepted `alg` of tokens, as far as the provider lists them. Default RS256, PS256, ES256, EdDSA. */
  readonly signingAlgorithms?: readonly string[] | undefined
  /** Where the provider's endpoints may be, all of them: origins. Default: anywhere on the public internet. */
  readonly endpointOrigins?: readonly string[] | undefined
  /**
   * `POST {basePath}/{name}/backchannel-logout` ends sessions that the provider has ended. Needs a store. Default false.
   * `types` are the accepted `typ` headers of logout tokens, null for none: `['logout+jwt']` with true.
   */
  readonly backChannelLogout?: boolean | { readonly types: readonly LogoutTokenType[] } | undefined
  /** How far clocks may differ, in seconds, up to 300. Default 10. */
  readonly clockToleranceSeconds?: Seconds | undefined
  /** Sends the requests; a client with limits by default. */
  readonly fetch?: typeof fetch | undefined
}

/** The `typ` of logout tokens; null takes them without one. */
export type LogoutTokenType = 'logout+jwt' | 'JWT' | null

/** {@link OidcProviderOptions}, checked and complete. */
export interface ProviderSettings<Name extends string = string>
  extends Pick<OidcProviderOptions<Name>, 'name' | 'issuer' | 'clientId' | 'profile' | 'bearer'> {
  readonly scopes: readonly string[]
  readonly authorizationParameters: Readonly<Record<string, string>>
  readonly storeTokens: boolean
  readonly authenticationFor: AuthenticationChoice
  readonly signingAlgorithms: readonly SignatureAlgorithm[]
  readonly endpointOrigins: readonly string[] | undefined
  /** Accepted types of logout tokens; null where none is taken. */
  readonly logoutTokenTypes: readonly LogoutTokenType[] | null
  readonly clockToleranceSeconds: Seconds
  readonly fetch: typeof fetch | undefined
}

const factory = 'oidcProvider'

/** What a link to the login may not change, and what an answer by another way would need. */
const fixedParameters: readonly string[] = [...reservedParameters, 'response_mode']

const rules: OptionRules<OidcProviderOptions<string>> = {
  name: required(option.text),
  issuer: required(
    rule(
      'must be an https URL (http on loopback) without user info, query or fragment, of one tenant, and with a host name',
      isIssuer,
    ),
  ),
  clientId: required(option.text),
  // Its texts are checked by the client.
  clientSecret: option.anything,
  scopes: rule(`${scopeList.must}, and \`openid\` must be among them`, (value) =>
    scopeList.holds(value) ? (value as readonly string[]).includes('openid') : false,
  ),
  authorizationParameters: rule(
    `must be an object of texts that are not empty, \`max_age\` a number in digits, and none of ${fixedParameters.join(', ')}`,
    areParameters,
  ),
  profile: option.function,
  storeTokens: option.boolean,
  bearer: option.object,
  privateKey: option.object,
  clientAuthentication: option.oneOf(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']),
  signingAlgorithms: algorithmList,
  endpointOrigins: option.filledList(option.text),
  backChannelLogout: rule(
    "must be true, false or an object whose `types` is a list of 'logout+jwt', 'JWT' and null that is not empty",
    (value) => option.boolean.holds(value) || areTypes(value),
  ),
  clockToleranceSeconds: clockTolerance,
  fetch: option.function,
}

/** @throws `core/invalid_option` */
export function checkProviderOptions<Name extends string>(options: OidcProviderOptions<Name>): ProviderSettings<Name> {
  const given = checkOptions<OidcProviderOptions<Name>>(factory, options, rules)
  const { endpointOrigins, signingAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] } = given
  if (given.bearer !== undefined) checkBearer(factory, given.bearer, given.clientId)
  return {
    name: given.name,
    issuer: given.issuer,
    clientId: given.clientId,
    profile: given.profile,
    bearer: given.bearer,
    scopes: given.scopes ?? ['openid', 'profile', 'email'],
    authorizationParameters: given.authorizationParameters ?? {},
    storeTokens: given.storeTokens ?? true,
    authenticationFor: toAuthenticationChoice(factory, given),
    // Checked to be of them.
    signingAlgorithms: signingAlgorithms as readonly SignatureAlgorithm[],
    endpointOrigins: endpointOrigins?.map((origin) => checkOrigin(factory, 'endpointOrigins', origin).origin),
    logoutTokenTypes: logoutTokenTypesOf(given.backChannelLogout),
    clockToleranceSeconds: given.clockToleranceSeconds ?? 10,
    fetch: given.fetch,
  }
}

const logoutTypes = option.filledList(option.oneOf(['logout+jwt', 'JWT', null]))

function areTypes(value: unknown): boolean {
  if (!option.object.holds(value)) return false
  const { types, ...others } = value as Readonly<Record<string, unknown>>
  return logoutTypes.holds(types) && Object.keys(others).length === 0
}

function logoutTokenTypesOf(
  given: OidcProviderOptions<string>['backChannelLogout'],
): readonly LogoutTokenType[] | null {
  if (typeof given === 'object') return given.types
  return given === true ? ['logout+jwt'] : null
}

/** A provider at an address could have no endpoint: none may be at one. */
function isIssuer(value: unknown): boolean {
  const url = parseWebUrl(value)
  if (url === null || url.search !== '' || String(value).includes('?') || /[{}]/.test(String(value))) return false
  return isLoopback(url.hostname) || !isAddress(url.hostname)
}

function areParameters(value: unknown): boolean {
  if (!option.object.holds(value)) return false
  const { max_age: maxAge, ...others } = value as Readonly<Record<string, unknown>>
  if (maxAge !== undefined && !isMaxAge(maxAge)) return false
  return Object.entries(others).every(([name, text]) => option.text.holds(text) && !fixedParameters.includes(name))
}

/** Whether a text is a `max_age`: whole seconds, up to 31 years. */
export function isMaxAge(text: unknown): boolean {
  return typeof text === 'string' && /^\d{1,9}$/.test(text)
}

/** The error for a provider that cannot be mounted. */
export function invalidProviderOption(name: keyof OidcProviderOptions<string>, must: string): Error {
  return invalidOption(factory, name, must)
}
