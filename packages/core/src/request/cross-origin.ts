import { type Answer, withHeaders, withMoreHeaders } from './answer.ts'
import type { RequestLike } from './request-like.ts'

/** Whose pages may read what our routes answer, beside our own. */
export interface CrossOriginRules {
  readonly trustedOrigins: ReadonlySet<string>
}

/** Whether a page of `trustedOrigins` sent a request by a script. */
export function isOfTrustedPage({ headers }: RequestLike, { trustedOrigins }: CrossOriginRules): boolean {
  const from = headers.get('origin')
  return from !== null && trustedOrigins.has(from)
}

/**
 * Whether a browser asks in advance for a page of `trustedOrigins`. Any other preflight is a method that there is not.
 *
 * @param rules `methods`: those of the path whose answers such a page may read.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-request
 */
export function isPreflight(
  request: RequestLike,
  { methods, ...rules }: CrossOriginRules & { readonly methods: readonly string[] },
): boolean {
  const { method, headers } = request
  const wanted = headers.get('access-control-request-method')
  return method === 'OPTIONS' && wanted !== null && methods.includes(wanted) && isOfTrustedPage(request, rules)
}

/** Says what may be sent; {@link withCrossOrigin} says who may. */
export function preflightAnswer(methods: readonly string[]): Answer {
  return {
    status: 204,
    headers: [
      ['access-control-allow-methods', methods.join(', ')],
      ['access-control-allow-headers', 'content-type'],
    ],
    body: null,
  }
}

/**
 * Lets a page of `trustedOrigins` read an answer, with the session's cookies, by its exact origin and never by a wildcard.
 * Every other answer of the same path varies by `Origin` too: a cache could hand it on.
 *
 * @see https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
 */
export function withCrossOrigin(answer: Answer, request: RequestLike, rules: CrossOriginRules): Answer {
  const varying = withMoreHeaders(answer, [['vary', 'Origin']])
  if (!isOfTrustedPage(request, rules)) return varying
  return withHeaders(varying, [
    ['access-control-allow-origin', request.headers.get('origin') ?? ''],
    ['access-control-allow-credentials', 'true'],
    // A page reckons the session's end by the clock that `expiresAt` is of.
    ['access-control-expose-headers', 'Date'],
  ])
}
