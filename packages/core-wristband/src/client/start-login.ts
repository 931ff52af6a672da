import {
  checkOptions,
  invalidOption,
  type JsonObject,
  type OptionRules,
  option,
  required,
  rule,
  type Seconds,
} from '@latchkey/core/provider'
import { authorizationRequest } from '@latchkey/oidc'
import type { Application } from '../application/application.ts'
import type { Configuration } from '../application/configuration.ts'
import { wristbandError } from '../model/errors.ts'
import type { WristbandTransaction } from '../model/identity.ts'
import { customDomainOrigin } from '../tenant/domains.ts'
import { expectedTenantId } from '../tenant/proof.ts'
import { type KnownTenant, knownTenant, type TenantReference } from '../tenant/reference.ts'

/** How a sign-in begins. */
export interface StartLoginOptions {
  /** Null for a login that finds its tenant at Wristband; see `applicationAuthorization`. */
  readonly tenant: TenantReference | null
  /**
   * Our callback, as it is registered at Wristband: https, or http on loopback. It may hold `{tenant_name}`, which
   * Wristband fills in. With `autoConfigure` the one that is registered by default.
   */
  readonly redirectUri?: string | undefined
  /** Handed back by `finishLogin` as it is: check it before. */
  readonly returnTo?: string | undefined
  /** From `RouteContext.newState()`; made here if absent. */
  readonly state?: string | undefined
  /** Fills in the e-mail address. */
  readonly loginHint?: string | undefined
  /** The name of an identity provider that is to be used. */
  readonly idpHint?: string | undefined
  /** `login` asks the user to authenticate anew, `none` for an answer without any page. */
  readonly prompt?: 'login' | 'none' | undefined
  /** How old the user's authentication may be; `finishLogin` requires it of `auth_time`. Not 0 with `prompt: 'none'`. */
  readonly maxAuthAgeSeconds?: Seconds | undefined
  /** Anything that `finishLogin` is to hand back. */
  readonly customState?: JsonObject | undefined
}

/** A sign-in that has begun. */
export interface LoginStart<Transaction> {
  /** Where the browser goes. */
  readonly url: URL
  /** What the callback names the transaction by: its `state`. */
  readonly id: string
  /** To keep for this browser until its callback comes. */
  readonly transaction: Transaction
}

const factory = 'startLogin'

const rules: OptionRules<StartLoginOptions> = {
  tenant: required(rule('must be `{ name }`, `{ customDomain }` or null', (value) => typeof value === 'object')),
  // Wristband fills in `{tenant_name}`, so its form is checked by the authorization request.
  redirectUri: option.text,
  returnTo: rule('must be a text', (value) => typeof value === 'string'),
  state: option.text,
  loginHint: option.anything,
  idpHint: option.anything,
  prompt: option.oneOf(['login', 'none']),
  maxAuthAgeSeconds: option.wholeNumber(0, Number.MAX_SAFE_INTEGER),
  customState: option.object,
}

const maximumHintLength = 320

/** Begins a sign-in at a tenant's own host. See {@link WristbandClient.startLogin}. */
export async function startLogin(
  application: Application,
  options: StartLoginOptions,
): Promise<LoginStart<WristbandTransaction>> {
  const start = checkOptions(factory, options, rules)
  check(start)
  const tenant = knownTenant(start.tenant)
  const configuration = await application.configuration.read()
  const origin = authorizationOrigin(application, configuration, tenant)
  const redirectUri = start.redirectUri ?? configuration.redirectUri
  if (redirectUri === null) {
    throw invalidOption(factory, 'redirectUri', 'is needed: Wristband was not asked for it, or has several')
  }
  // Nothing is minted for a tenant that does not exist.
  await expectedTenantId(tenant, application.resolveTenantId)
  const { oidc } = await application.connection()
  const { url, transaction } = await authorizationRequest(oidc, {
    redirectUri,
    scopes: application.scopes,
    authorizationEndpoint: `${origin}/api/v1/oauth2/authorize`,
    parameters: parametersOf(start),
    state: start.state,
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
      tenant: tenant.name,
      customDomain: tenant.customDomain,
      returnTo: start.returnTo ?? null,
      maxAuthAgeSeconds: start.maxAuthAgeSeconds ?? null,
      customState: start.customState ?? null,
      issuedAt: application.clock(),
    },
  }
}

function authorizationOrigin(
  { origin }: Application,
  { domains, applicationAuthorization }: Configuration,
  { name, customDomain }: KnownTenant,
): string {
  if (customDomain !== null) return customDomainOrigin(customDomain)
  if (name !== null) return domains.tenantOrigin(name)
  if (!applicationAuthorization) throw wristbandError('wristband/tenant_required')
  return origin
}

function check({ prompt, maxAuthAgeSeconds, loginHint = '', idpHint = '' }: StartLoginOptions): void {
  if (maxAuthAgeSeconds === 0 && prompt === 'none') {
    throw invalidOption(
      factory,
      'maxAuthAgeSeconds',
      'must not be 0 together with `prompt: none`: no sign-in fulfils both',
    )
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
