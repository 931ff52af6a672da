import type { SigningMethod } from './signing-keys.ts'

/** Claims or members of an answer, to be changed in place. */
export type Members = Record<string, unknown>

/** What a provider does wrong in one module; what is absent it does right. */
export interface Misbehaviour {
  /** Changes the claims of ID tokens of a sign-in. */
  readonly idToken?: (claims: Members, now: number) => void
  /** Changes the claims of access tokens, of a sign-in and of a refresh. */
  readonly accessToken?: (claims: Members, now: number) => void
  /** Changes the claims of ID tokens of a refresh. */
  readonly refreshedIdToken?: (claims: Members, now: number) => void
  /** How ID tokens are signed. `RS256` by default. */
  readonly signedBy?: SigningMethod
  /** Whether keys and tokens have no `kid`: with one key published, or with three RSA keys, one EC and one OKP. */
  readonly keysWithoutId?: 'one' | 'several'
  /** Replaces the keys right before each ID token is signed. */
  readonly rotatesBeforeSigning?: boolean
  /** Changes the answer of userinfo. */
  readonly userinfo?: (claims: Members) => void
  /** Whether the callback names the issuer (RFC 9207). Wristband's does not. */
  readonly namesIssuer?: boolean
  /** Changes the parameters of the callback. */
  readonly callback?: (parameters: URLSearchParams) => void
  /** Changes the answer of the token endpoint. */
  readonly tokenResponse?: (body: Members) => void
  /** Changes the answer of the token endpoint to a refresh. */
  readonly refreshResponse?: (body: Members) => void
  /** The `state` with which the browser comes back from a sign-out: null for none. The one that was sent by default. */
  readonly signOutState?: string | null
  /**
   * Has parties find the provider by its metadata, at paths that are new in each run, and not at Wristband's addresses.
   * Changes the metadata.
   */
  readonly metadata?: (document: Members) => void
  /** Changes the claims of logout tokens. */
  readonly logoutToken?: (claims: Members) => void
  /** How logout tokens are signed. `RS256` by default. */
  readonly logoutTokenSignedBy?: SigningMethod
}
