import type { AuthError } from '../errors/auth-error.ts'
import { type Answer, withHeaders } from './answer.ts'
import { type CrossOriginRules, isOfTrustedPage } from './cross-origin.ts'
import { opensPage } from './navigation.ts'
import type { Origins } from './origins.ts'
import { type HeaderEntries, type RequestLike, requestTarget } from './request-like.ts'
import { pageTarget } from './return-to.ts'

/**
 * A redirect after which the browser sends a GET and tells no one where it came from.
 *
 * @throws TypeError for a location that is no URL as a header has it: with a line break it would be two headers.
 */
export function seeOther(location: string): Answer {
  if (!/^[\x21-\x7e]+$/.test(location)) throw new TypeError('A location must be printable ASCII.')
  return {
    status: 303,
    headers: [
      ['location', location],
      ['referrer-policy', 'no-referrer'],
    ],
    body: null,
  }
}

/** An answer that has nothing to say. */
export function noContent(): Answer {
  return { status: 204, headers: [], body: null }
}

/** An answer that says something in JSON. */
export function jsonAnswer(body: unknown): Answer {
  return { status: 200, headers: [['content-type', 'application/json']], body: JSON.stringify(body) }
}

/** Headers that forbid every cache to keep a response: of all that reads or writes a session. */
export const noStore: HeaderEntries = [
  ['cache-control', 'private, no-store'],
  ['vary', 'Cookie'],
]

/** Adds {@link noStore} to an answer of our own. */
export function withNoStore(answer: Answer): Answer {
  return withHeaders(answer, noStore)
}

/** Pages of the app, as paths of its own origin. */
export interface AuthPages {
  /** Offers to sign in; gets `return_url` and `code`. */
  readonly signIn?: string | undefined
  /** Explains an error; gets `code`. */
  readonly error?: string | undefined
  /** Paths under which there is no page, such as `/api`: there everyone gets problem documents. */
  readonly apiPaths?: readonly string[] | undefined
}

/** What an answer to a refused request is built from. */
export interface ErrorAnswerRules extends CrossOriginRules {
  readonly origins: Pick<Origins, 'resolve'>
  readonly basePath: string
  readonly pages: AuthPages
  readonly providers: ReadonlyMap<string, { readonly signInPath?: string | undefined }>
  /** Whether a form that a user posted leads to a page, too: to a route of ours, whose user waits for one. Default false. */
  readonly forms?: boolean
  /** What the problem document says beside its own members. */
  readonly members?: Readonly<Record<string, string>>
}

const answeredBySignIn: ReadonlySet<string> = new Set(['auth/session_required', 'auth/step_up_required'])

/** Whether the user can do something about it by a sign-in. What a sign-in would only repeat says so in its cause. */
function signInHelps({ code, cause }: AuthError): boolean {
  return answeredBySignIn.has(code) && (cause as { signInHelps?: unknown } | undefined)?.signInHelps !== false
}

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-3 */
const challenges: ReadonlyMap<string, string> = new Map([
  ['auth/bearer_required', 'Bearer'],
  ['auth/bearer_invalid', 'Bearer error="invalid_token"'],
  ['auth/bearer_revoked', 'Bearer error="invalid_token"'],
  ['auth/scope_required', 'Bearer error="insufficient_scope"'],
])

/**
 * Answers a request that was refused: with a problem document, or by sending a user who opens a page to a page of the
 * app.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function errorAnswer(error: AuthError, request: RequestLike, rules: ErrorAnswerRules): Answer {
  const page = signInHelps(error) ? rules.pages.signIn : rules.pages.error
  const answer =
    page !== undefined &&
    error.status !== 421 &&
    (request.method === 'GET' || (rules.forms === true && request.method === 'POST')) &&
    opensPage(request) &&
    !isUnder(request, rules.pages.apiPaths ?? [])
      ? redirectToPage(page, error, { request, rules })
      : problemDocument(error, request, rules)
  return withNoStore(answer)
}

function isUnder(request: RequestLike, parents: readonly string[]): boolean {
  const { path } = requestTarget(request)
  return parents.some((parent) => path === parent || path.startsWith(`${parent}/`))
}

function redirectToPage(
  page: string,
  error: AuthError,
  { request, rules }: { readonly request: RequestLike; readonly rules: ErrorAnswerRules },
): Answer {
  const query = new URLSearchParams(signInHelps(error) ? { return_url: targetOf(request, rules) } : {})
  query.set('code', error.code)
  const separator = page.includes('?') ? '&' : '?'
  return seeOther(`${page}${separator}${query}`)
}

function problemDocument(error: AuthError, request: RequestLike, rules: ErrorAnswerRules): Answer {
  const signInUrl = signInHelps(error) ? signInUrlFor(error, request, rules) : undefined
  const problem = {
    type: 'about:blank',
    title: error.expose ? error.message : 'Something went wrong.',
    status: error.status,
    code: error.code,
    ...(signInUrl === undefined ? {} : { signInUrl }),
    ...rules.members,
  }
  const headers: [name: string, value: string][] = [['content-type', 'application/problem+json']]
  const challenge = challenges.get(error.code)
  if (challenge !== undefined) headers.push(['www-authenticate', challenge])
  const { allow, retryAfterSeconds } = (error.cause ?? {}) as { allow?: string; retryAfterSeconds?: unknown }
  if (error.code === 'core/method_not_allowed' && allow !== undefined) headers.push(['allow', allow])
  const isPassing = error.status === 429 || error.status === 503
  if (isPassing && Number.isSafeInteger(retryAfterSeconds)) headers.push(['retry-after', String(retryAfterSeconds)])
  return { status: error.status, headers, body: JSON.stringify(problem) }
}

/** Where a user can do what the error asks for: the provider's own sign-in if it names one. */
function signInUrlFor(error: AuthError, request: RequestLike, rules: ErrorAnswerRules): string | undefined {
  const { provider } = (error.cause ?? {}) as { provider?: string }
  const candidates = [...rules.providers].filter(([, mounted]) => mounted.signInPath !== undefined)
  const [name, mounted] = candidates.find(([candidate]) => candidate === provider) ?? candidates[0] ?? []
  if (rules.pages.signIn !== undefined && (provider === undefined || mounted === undefined)) {
    return linkFor(rules.pages.signIn, request, rules)
  }
  if (mounted === undefined) return undefined
  const query =
    request.method === 'GET' && opensPage(request)
      ? `?${new URLSearchParams({ return_url: targetOf(request, rules) })}`
      : ''
  return linkFor(`${rules.basePath}/${name}${mounted.signInPath}${query}`, request, rules)
}

/** A path of ours as the page that asked can use it: one of another origin needs ours before it. */
function linkFor(path: string, request: RequestLike, rules: ErrorAnswerRules): string {
  if (!isOfTrustedPage(request, rules)) return path
  try {
    return rules.origins.resolve(request).origin + path
  } catch {
    // At a host that is none of ours. An answer to an error throws none.
    return path
  }
}

function targetOf(request: RequestLike, { basePath }: ErrorAnswerRules): string {
  const { path, query } = requestTarget(request)
  return pageTarget(path + query, basePath)
}
