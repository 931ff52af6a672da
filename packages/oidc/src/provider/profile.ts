import { isJsonObject, ownMember } from '@latchkey/core/crypto'
import { type BaseProfile, isAuthError, type JsonObject } from '@latchkey/core/provider'
import type { OidcClient } from '../client/oidc-client.ts'
import { requestUserinfo } from '../client/userinfo.ts'
import { oidcError } from '../errors/oidc-errors.ts'
import type { OidcProviderOptions } from './options.ts'

/** What is said of one user. */
export interface UserClaims {
  /** The claims of the verified ID token. */
  readonly signed: JsonObject
  /** What userinfo says; null where there is none. */
  readonly userinfo: JsonObject | null
}

/**
 * Asks userinfo where the provider has it. Null also where it refuses this access token, which may be for another API
 * alone: the ID token has proven who the user is.
 *
 * @throws the codes of `requestUserinfo`
 */
export async function userinfoOf(
  client: OidcClient,
  user: { readonly accessToken: string; readonly subject: string },
  deadlineSeconds?: number,
): Promise<JsonObject | null> {
  if (client.metadata.userinfoEndpoint === undefined) return null
  try {
    return await requestUserinfo(client, user, { deadlineSeconds })
  } catch (error) {
    if (isAuthError(error) && error.code === 'oidc/userinfo_failed' && isRefusal(error.cause)) return null
    throw error
  }
}

function isRefusal(cause: unknown): boolean {
  const { status } = (cause ?? {}) as { readonly status?: unknown }
  return status === 401 || status === 403
}

/**
 * What the session keeps of a user, by the app's function or by default.
 *
 * @throws `oidc/profile_failed`
 */
export function profileOf(profile: OidcProviderOptions<string>['profile'], claims: UserClaims): BaseProfile {
  if (profile === undefined) return defaultProfile(claims)
  const { signed, userinfo } = claims
  const chosen = attempt(() => {
    const result: unknown = profile(structuredClone({ ...userinfo, ...signed }))
    // What cannot be written as JSON cannot be kept.
    return isPlain(result) ? (JSON.parse(JSON.stringify(result)) as unknown) : null
  })
  if (!isJsonObject(chosen)) throw oidcError('oidc/profile_failed')
  return chosen
}

function attempt(work: () => unknown): unknown {
  try {
    return work()
  } catch {
    // Its text may hold claims.
    return null
  }
}

/** Whether a value is an object of no class: a promise, a list or a `Map` is none. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function defaultProfile({ signed, userinfo }: UserClaims): BaseProfile {
  const said = (name: string): unknown => ownMember(signed, name) ?? ownMember(userinfo ?? {}, name)
  return { name: text(said('name')), ...emailOf(signed, userinfo ?? {}), picture: pictureOf(said('picture')) }
}

/** Whether an address is verified is said of that address alone, and what is signed wins. */
function emailOf(signed: JsonObject, userinfo: JsonObject): Pick<BaseProfile, 'email' | 'emailVerified'> {
  const email = text(ownMember(signed, 'email') ?? ownMember(userinfo, 'email'))
  if (email === undefined) return {}
  const verified =
    ownMember(signed, 'email_verified') ??
    (ownMember(userinfo, 'email') === email ? ownMember(userinfo, 'email_verified') : undefined)
  return { email, emailVerified: typeof verified === 'boolean' ? verified : undefined }
}

const mostCharacters = 1024

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= mostCharacters ? value : undefined
}

/** A picture that is no address is the picture itself, and too large for a session. */
function pictureOf(value: unknown): string | undefined {
  const address = text(value)
  return address !== undefined && /^https?:\/\//.test(address) ? address : undefined
}
