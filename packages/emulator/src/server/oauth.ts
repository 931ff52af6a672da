import { createHash, timingSafeEqual } from 'node:crypto'

/** An answer of RFC 6749 section 5.2, or of a token endpoint's success: never cached. */
export function oauthJson(body: object, { status = 200, headers = {} }: OauthJsonOptions = {}): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', pragma: 'no-cache', ...headers } })
}

export interface OauthJsonOptions {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Tokens of an Authorization header; null without one or with one that cannot be read. */
export function readBasic(request: Request): { readonly id: string; readonly secret: string } | null {
  const match = /^basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.get('authorization') ?? '')
  const pair = Buffer.from(match?.[1] ?? '', 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return colon < 0 ? null : { id: pair.slice(0, colon), secret: pair.slice(colon + 1) }
}

/** Whether tokens are the client's, as they are or form-encoded, which RFC 6749 section 2.3.1 asks for. */
export function isClient(
  given: { readonly id: string; readonly secret: string } | null,
  client: { readonly clientId: string; readonly clientSecret: string },
): boolean {
  if (!given) return false
  const matches = (value: string, expected: string): boolean =>
    equalSecrets(value, expected) || equalSecrets(formDecode(value), expected)
  return matches(given.id, client.clientId) && matches(given.secret, client.clientSecret)
}

/** Compares without telling by its time where two secrets differ. */
export const equalSecrets = (left: string, right: string): boolean =>
  timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest())

/** Whether a verifier is the one of an S256 challenge. @see RFC 7636 section 4.6 */
export function matchesChallenge(verifier: string | null, challenge: string): boolean {
  if (!verifier || !/^[\w.~-]{43,128}$/.test(verifier)) return false
  return createHash('sha256').update(verifier, 'ascii').digest('base64url') === challenge
}

/** The first name that appears more than once: OAuth forbids it (RFC 6749 section 3.1). */
export function duplicatedField(fields: URLSearchParams): string | undefined {
  return [...fields.keys()].find((name, index, names) => names.indexOf(name) !== index)
}

/** The bearer token of a request. */
export const readBearer = (request: Request): string | null =>
  /^bearer ([\w.~+/-]+=*)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null

function formDecode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    return value
  }
}
