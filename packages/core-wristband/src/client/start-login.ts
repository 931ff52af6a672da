import { checkOptions, invalidOption, type JsonObject, type Seconds } from '@latchkey/core/provider'
import type { Application } from '../application/application.ts'
import type { Configuration } from '../application/configuration.ts'
import { wristbandError } from '../model/errors.ts'
import type { WristbandTransaction } from '../model/identity.ts'
import { customDomainOrigin } from '../tenant/domains.ts'
import { expectedTenantId } from '../tenant/proof.ts'
import { type TenantAddress, type TenantReference, tenantAddress } from '../tenant/reference.ts'

/** How a sign-in begins. */
export interface StartLoginOptions {
  /** Null for a login that finds its tenant at Wristband; see `applicationAuthorization`. */
  readonly tenant: TenantReference | null
  /**
   * Our callback, as it is registered at Wristband: https, or http on loopback. It may hold `{tenant_name}`, which
   * Wristband fills in. With `autoConfigure` the one that is registered by default.
   */
  readonly redirectUri?: string
  /** Handed back by `finishLogin` as it is: check it before. */
  readonly returnTo?: string
  /** From `RouteContext.newState()`; made here if absent. */
  readonly state?: string
  /** Fills in the e-mail address. */
  readonly loginHint?: string
  /** The name of an identity provider that is to be used. */
  readonly idpHint?: string
  /** `login` asks for a new proof of who the user is, `none` for an answer without any page. */
  readonly prompt?: 'login' | 'none'
  /** How old the user's proof may be; `finishLogin` requires it of `auth_time`. Not 0 with `prompt: 'none'`. */
  readonly maxAuthAgeSeconds?: Seconds
  /** Anything that `finishLogin` is to hand back. */
  readonly customState?: JsonObject
}

/** A sign-in that has begun. */
export interface LoginStart<Transaction> {
  /** Where the browser goes. */
  readonly url: URL
  /** What the callback names the transaction by: its `state`. */
  readonly id: string
  readonly transaction: Transaction
}

const factory = 'startLogin'

const known = [
  'tenant',
  'redirectUri',
  'returnTo',
  'state',
  'loginHint',
  'idpHint',
  'prompt',
  'maxAuthAgeSeconds',
  'customState',
]

const maximumHintLength = 320

/** Begins a sign-in at a tenant's own host. See {@link Wristband.startLogin}. */
export async function startLogin(
  application: Application,
  options: StartLoginOptions,
): Promise<LoginStart<WristbandTransaction>> {
  check(options)
  const address = tenantAddress(options.tenant)
  const configuration = await application.configuration.read()
  const origin = authorizationOrigin(application, configuration, address)
  const redirectUri = options.redirectUri ?? configuration.redirectUri
  if (redirectUri === null) {
    throw invalidOption(factory, 'redirectUri', 'is needed: Wristband was not asked for it, or has several')
  }
  // Nothing is minted for a tenant that does not exist.
  await expectedTenantId(address, application.tenantId)
  const { url, transaction } = await application.oidc.startLogin({
    redirectUri,
    scopes: application.scopes,
    authorizationEndpoint: `${origin}/api/v1/oauth2/authorize`,
    parameters: parametersOf(options),
    ...(options.state !== undefined && { state: options.state }),
  })
  if (url.origin !== origin) throw wristbandError('wristband/tenant_name_invalid')
  const { state, nonce, codeVerifier } = transaction
  return {
    url,
    id: state,
    transaction: {
      state,
      nonce,
      codeVerifier,
      redirectUri,
      tenant: address.name,
      customDomain: address.customDomain,
      returnTo: options.returnTo ?? null,
      maxAuthAgeSeconds: options.maxAuthAgeSeconds ?? null,
      customState: options.customState ?? null,
      issuedAt: application.clock(),
    },
  }
}

function authorizationOrigin(
  { origin }: Application,
  { domains, applicationAuthorization }: Configuration,
  { name, customDomain }: TenantAddress,
): string {
  if (customDomain !== null) return customDomainOrigin(customDomain)
  if (name !== null) return domains.tenantOrigin(name)
  if (!applicationAuthorization) throw wristbandError('wristband/tenant_required')
  return origin
}

function check(options: StartLoginOptions): void {
  checkOptions(factory, options, known)
  const { prompt, maxAuthAgeSeconds, loginHint = '', idpHint = '' } = options
  if (prompt !== undefined && prompt !== 'login' && prompt !== 'none') {
    throw invalidOption(factory, 'prompt', 'must be `login` or `none`')
  }
  if (maxAuthAgeSeconds !== undefined && !(Number.isSafeInteger(maxAuthAgeSeconds) && maxAuthAgeSeconds >= 0)) {
    throw invalidOption(factory, 'maxAuthAgeSeconds', 'must be a whole number of seconds')
  }
  if (maxAuthAgeSeconds === 0 && prompt === 'none') {
    throw invalidOption(factory, 'maxAuthAgeSeconds', 'must not be 0 together with `prompt: none`: no sign-in fulfils both')
  }
  if (loginHint.length > maximumHintLength || idpHint.length > maximumHintLength) {
    throw wristbandError('wristband/hint_too_long')
  }
}

function parametersOf({ loginHint, idpHint, prompt, maxAuthAgeSeconds }: StartLoginOptions): Record<string, string> {
  return {
    ...(loginHint && { login_hint: loginHint }),
    ...(idpHint && { idp_hint: idpHint }),
    ...(prompt && { prompt }),
    ...(maxAuthAgeSeconds !== undefined && { max_age: String(maxAuthAgeSeconds) }),
  }
}
