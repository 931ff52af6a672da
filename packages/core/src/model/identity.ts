import type { Seconds } from './time.ts'

/**
 * The identities a session can hold, by provider name. Provider packages fill it by declaration merging, and so does an
 * app for a provider of its own: `declare module '@latchkey/core' { interface Identities { acme: AcmeIdentity } }`. A
 * provider that signs nobody in has `never`.
 */
export interface Identities {}

/** Names of the installed providers that sign users in. */
export type ProviderName = {
  [Name in keyof Identities & string]: [Identities[Name]] extends [never] ? never : Name
}[keyof Identities & string]

/** A provider's identity by its name: its own type where the name is in {@link Identities}. */
export type IdentityOf<Name extends string> = Name extends ProviderName ? Identities[Name] : Identity<Name>

/** Any of the installed providers' identities. */
export type AnyIdentity = [ProviderName] extends [never] ? Identity : Identities[ProviderName]

/**
 * Who a user is: provider, account issuer, tenant and subject. Never an e-mail address.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ClaimStability
 */
export interface UserKey {
  /** The name of the provider. */
  readonly provider: string
  /** The provider's configured account issuer, which outlives changes of the `iss` claim. */
  readonly issuer: string
  /** The tenant's id, where the provider has tenants. */
  readonly tenant?: string | undefined
  /** The user's id there. */
  readonly subject: string
}

/** What every provider's profile may say. */
export interface BaseProfile {
  /** The whole name, for a page. */
  readonly name?: string | undefined
  /** An e-mail address: for a page, never a key. */
  readonly email?: string | undefined
  /** Whether the provider says that it has verified the address. */
  readonly emailVerified?: boolean | undefined
  /** The URL of a picture. */
  readonly picture?: string | undefined
}

/**
 * What `authenticatedAt` rests on: a signed `auth_time`, a signed `acr`, or only the moment at which a login that we
 * forced began (`requested`: honest, but the user owns the address bar).
 */
export type AuthTimeSource = 'auth_time' | 'acr' | 'requested'

/** One user at one provider. Holds no token. */
export interface Identity<Name extends string = string, Profile extends BaseProfile = BaseProfile> {
  /** The name of the provider that vouches for it. */
  readonly provider: Name
  /** The issuer at the provider. */
  readonly issuer: string
  /** The user's id at that issuer, in that tenant if there is one. */
  readonly subject: string
  /** The tenant that was proven; absent at providers without tenants. */
  readonly tenant?: { readonly id: string; readonly name?: string | undefined } | undefined
  /** When the user signed in here with it. */
  readonly signedInAt: Seconds
  /** When the user last authenticated; absent if nothing says so. */
  readonly authenticatedAt?: Seconds | undefined
  /** What says `authenticatedAt`. */
  readonly authTimeSource?: AuthTimeSource | undefined
  /** What a page may show; decides nothing. */
  readonly profile: Profile
}

/** Tokens of one identity. They live in the sealed session and never in an {@link Identity} or a session object. */
export interface Tokens {
  /** For calls in the name of the user. */
  readonly accessToken?: string | undefined
  /** For new tokens. */
  readonly refreshToken?: string | undefined
  /** When the access token expires. */
  readonly expiresAt?: Seconds | undefined
  /** From when on the tokens are due for a refresh. */
  readonly refreshAt?: Seconds | undefined
}

/** The key of a user: for `revokeSessions`, and for an app's own table of users. */
export function userKey({ provider, issuer, subject, tenant }: Identity): UserKey {
  return tenant === undefined ? { provider, issuer, subject } : { provider, issuer, tenant: tenant.id, subject }
}

/** Whether an identity says who it is; two that do not would pass for the same user. */
export function isCompleteKey({ issuer, subject, tenant }: Identity): boolean {
  const parts: readonly unknown[] = tenant === undefined ? [issuer, subject] : [issuer, subject, tenant.id]
  return parts.every((part) => typeof part === 'string' && part !== '')
}

/** A provider's own member of a record by provider name, never one of `Object.prototype`. */
export function memberAt<Member>(members: Readonly<Record<string, Member>>, provider: string): Member | undefined {
  return Object.hasOwn(members, provider) ? members[provider] : undefined
}

/** The identity that a session holds of one provider. */
export function identityAt(identities: object, provider: string): Identity | undefined {
  return memberAt(identities as Readonly<Record<string, Identity>>, provider)
}

/** Whether two keys name the same user. */
export function sameUser(one: UserKey, other: UserKey): boolean {
  return (
    one.provider === other.provider &&
    one.issuer === other.issuer &&
    one.tenant === other.tenant &&
    one.subject === other.subject
  )
}
