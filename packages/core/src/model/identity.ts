import type { Seconds } from './time.ts'

/**
 * The identities a session can hold, by provider name. Provider packages fill it by declaration merging:
 * `declare module '@latchkey/core' { interface Identities { acme: AcmeIdentity } }`.
 */
export interface Identities {}

/** Names of the installed providers. */
export type ProviderName = keyof Identities & string

/**
 * Who a person is: provider, account issuer, tenant and subject. Never an e-mail address.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ClaimStability
 */
export interface PersonKey {
  readonly provider: string
  /** The provider's configured account issuer, which outlives changes of the `iss` claim. */
  readonly issuer: string
  /** The tenant's id, where the provider has tenants. */
  readonly tenant?: string
  readonly subject: string
}

/** What every provider's profile may say. */
export interface BaseProfile {
  readonly name?: string
  readonly email?: string
  readonly emailVerified?: boolean
  readonly picture?: string
}

/**
 * What `authenticatedAt` rests on: a signed `auth_time`, a signed `acr`, or only the moment at which a login that we
 * forced began (`requested`: honest, but the person owns the address bar).
 */
export type Evidence = 'auth_time' | 'acr' | 'requested'

/** One person at one provider. Holds no token. */
export interface Identity<Name extends string = string, Profile extends BaseProfile = BaseProfile> {
  readonly provider: Name
  readonly issuer: string
  readonly subject: string
  readonly tenant?: { readonly id: string; readonly name?: string }
  readonly signedInAt: Seconds
  /** When the person last proved who they are; absent where nothing says so. */
  readonly authenticatedAt?: Seconds
  readonly evidence?: Evidence
  readonly profile: Profile
}

/** Tokens of one identity. They live in the sealed session and never in a {@link Identity} or a session object. */
export interface Credentials {
  readonly accessToken?: string
  readonly refreshToken?: string
  readonly expiresAt?: Seconds
  /** From when on the tokens are due for renewal. */
  readonly renewAt?: Seconds
}

/** The person behind an identity. */
export function personOf(identity: Identity): PersonKey {
  const { provider, issuer, subject, tenant } = identity
  return tenant === undefined ? { provider, issuer, subject } : { provider, issuer, tenant: tenant.id, subject }
}

/** Whether an identity says who it is; two that do not would pass for the same person. */
export function namesPerson({ issuer, subject, tenant }: Identity): boolean {
  const parts: readonly unknown[] = tenant === undefined ? [issuer, subject] : [issuer, subject, tenant.id]
  return parts.every((part) => typeof part === 'string' && part !== '')
}

/** The identity that a session holds of one provider: its own member, never one of `Object.prototype`. */
export function identityAt(identities: object, provider: string): Identity | undefined {
  return Object.hasOwn(identities, provider) ? (identities as Record<string, Identity>)[provider] : undefined
}

/** Whether two keys name the same person. */
export function samePerson(one: PersonKey, other: PersonKey): boolean {
  return (
    one.provider === other.provider &&
    one.issuer === other.issuer &&
    one.tenant === other.tenant &&
    one.subject === other.subject
  )
}
