import { checkOptions, invalidOption, type Seconds } from '@latchkey/core/provider'
import type { Application } from './application.ts'
import { wristbandError } from './errors.ts'
import { type TenantReference, tenantName } from './tenant-name.ts'
import { expectedTenantId } from './tenant-proof.ts'
import type { WristbandTransaction } from './transaction.ts'

/** How a sign-in begins. */
export interface StartLoginOptions {
  readonly tenant: TenantReference
  /** Our callback, as it is registered at Wristband: https, or http on loopback. */
  readonly redirectUri: string
  /** Handed back by `finishLogin` as it is: check it before. */
  readonly returnTo?: string
  /** From `RouteContext.newState()`; made here if absent. */
  readonly state?: string
  /** Fills in the e-mail address. */
  readonly loginHint?: string
  /** The name of an identity provider that is to be used. */
  readonly idpHint?: string
  /** `login` asks for a new proof of who the person is, `none` for an answer without any page. */
  readonly prompt?: 'login' | 'none'
  /** How old the person's proof may be; `finishLogin` requires it of `auth_time`. Not 0 with `prompt: 'none'`. */
  readonly maxAgeSeconds?: Seconds
}

/** A sign-in that has begun. */
export interface LoginStart<Transaction> {
  /** Where the browser goes. */
  readonly url: URL
  /** What the callback names the transaction by: its `state`. */
  readonly id: string
  readonly transaction: Transaction
}

const known = ['tenant', 'redirectUri', 'returnTo', 'state', 'loginHint', 'idpHint', 'prompt', 'maxAgeSeconds']
const maximumHintLength = 320

/** Begins a sign-in at a tenant's own host. See {@link Wristband.startLogin}. */
export async function startLogin(
  application: Application,
  options: StartLoginOptions,
): Promise<LoginStart<WristbandTransaction>> {
  check(options)
  const tenant = tenantName(options.tenant.name)
  const origin = application.domains.tenantOrigin(tenant)
  // Nothing is minted for a tenant that does not exist.
  await expectedTenantId(tenant, application.tenantId)
  const { url, transaction } = await application.oidc.startLogin({
    redirectUri: options.redirectUri,
    scopes: application.scopes,
    authorizationEndpoint: `${origin}/api/v1/oauth2/authorize`,
    parameters: parametersOf(options),
    ...(options.state !== undefined && { state: options.state }),
  })
  if (url.origin !== origin) throw wristbandError('wristband/tenant_name_invalid')
  const { state, nonce, codeVerifier, redirectUri } = transaction
  return {
    url,
    id: state,
    transaction: {
      state,
      nonce,
      codeVerifier,
      redirectUri,
      tenant,
      returnTo: options.returnTo ?? null,
      maxAgeSeconds: options.maxAgeSeconds ?? null,
      issuedAt: application.clock(),
    },
  }
}

function check(options: StartLoginOptions): void {
  const factory = 'startLogin'
  checkOptions(factory, options, known)
  const { prompt, maxAgeSeconds, loginHint = '', idpHint = '' } = options
  if (prompt !== undefined && prompt !== 'login' && prompt !== 'none') {
    throw invalidOption(factory, 'prompt', 'must be `login` or `none`')
  }
  if (maxAgeSeconds !== undefined && !(Number.isSafeInteger(maxAgeSeconds) && maxAgeSeconds >= 0)) {
    throw invalidOption(factory, 'maxAgeSeconds', 'must be a whole number of seconds')
  }
  if (maxAgeSeconds === 0 && prompt === 'none') {
    throw invalidOption(factory, 'maxAgeSeconds', 'must not be 0 together with `prompt: none`: no sign-in fulfils both')
  }
  if (loginHint.length > maximumHintLength || idpHint.length > maximumHintLength) {
    throw wristbandError('wristband/hint_too_long')
  }
}

function parametersOf({ loginHint, idpHint, prompt, maxAgeSeconds }: StartLoginOptions): Record<string, string> {
  return {
    ...(loginHint && { login_hint: loginHint }),
    ...(idpHint && { idp_hint: idpHint }),
    ...(prompt && { prompt }),
    ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
  }
}
