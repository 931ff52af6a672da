/** Names of tokens: never the tokens. */
export type TokensHeld = readonly string[]

/** A place of this page where a script may find a token, and what is there. */
export interface TokenPlace {
  readonly place: string
  readonly found: string
}

/** Which tokens a client of Wink's SDK holds. */
export function namesOf(client: {
  readonly token?: string | undefined
  readonly idToken?: string | undefined
  readonly refreshToken?: string | undefined
}): TokensHeld {
  return [
    ...(client.token === undefined ? [] : ['access token']),
    ...(client.idToken === undefined ? [] : ['ID token']),
    ...(client.refreshToken === undefined ? [] : ['refresh token']),
  ]
}

/** Looks for tokens wherever a script of this page can. */
export function tokenPlaces(held: TokensHeld): readonly TokenPlace[] {
  return [
    { place: 'In the SDK’s memory', found: held.length === 0 ? 'none' : held.join(', ') },
    { place: 'In localStorage', found: countIn(Object.values(localStorage)) },
    { place: 'In sessionStorage', found: countIn(Object.values(sessionStorage)) },
    { place: 'In cookies that scripts can read', found: countIn([document.cookie]) },
  ]
}

/** Keycloak's tokens, refresh tokens too, are three parts in base64, of which the first begins a JSON object. */
function countIn(texts: readonly unknown[]): string {
  const { length } = texts.flatMap((text) => String(text).match(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? [])
  return length === 0 ? 'none' : String(length)
}
