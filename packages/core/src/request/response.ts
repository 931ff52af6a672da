import type { AuthError } from '../errors/auth-error.ts'
import { isPageNavigation } from './navigation.ts'
import { type HeaderList, type Incoming, requestTarget } from './request-like.ts'

/** A redirect after which the browser sends a GET and tells no one where it came from. */
export function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location, 'referrer-policy': 'no-referrer' } })
}

/** What forbids every cache to keep a response. */
export const uncached: HeaderList = [
  ['cache-control', 'private, no-store'],
  ['vary', 'Cookie'],
]

/** Pages of the app, as paths of its own origin. */
export interface AuthPages {
  /** Offers to sign in; gets `return_url` and `code`. */
  readonly signIn?: string
  /** Explains an error; gets `code`. */
  readonly error?: string
  /** Paths under which there is no page, such as `/api`: there everyone gets problem documents. */
  readonly apiPaths?: readonly string[]
}

/** What an answer to a refused request is built from. */
export interface RefusalRules {
  readonly basePath: string
  readonly pages: AuthPages
  readonly providers: ReadonlyMap<string, { readonly signInPath?: string }>
}

const signInHelps: ReadonlySet<string> = new Set(['auth/session_required', 'auth/step_up_required'])

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-3 */
const challenges: ReadonlyMap<string, string> = new Map([
  ['auth/bearer_required', 'Bearer'],
  ['auth/bearer_invalid', 'Bearer error="invalid_token"'],
  ['auth/scope_required', 'Bearer error="insufficient_scope"'],
])

/**
 * Answers a request that was refused: with a problem document, or by sending a person who opens a page to a page of the
 * app.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function refusalResponse(error: AuthError, incoming: Incoming, rules: RefusalRules): Response {
  const page = signInHelps.has(error.code) ? rules.pages.signIn : rules.pages.error
  const response =
    page !== undefined &&
    error.status !== 421 &&
    isPageNavigation(incoming) &&
    !isUnder(incoming, rules.pages.apiPaths ?? [])
      ? redirectToPage(page, error, incoming)
      : problemDocument(error, incoming, rules)
  response.headers.set('cache-control', 'private, no-store')
  response.headers.set('vary', 'Cookie')
  return response
}

function isUnder(incoming: Incoming, parents: readonly string[]): boolean {
  const { path } = requestTarget(incoming)
  return parents.some((parent) => path === parent || path.startsWith(`${parent}/`))
}

function redirectToPage(page: string, error: AuthError, incoming: Incoming): Response {
  const query = new URLSearchParams(signInHelps.has(error.code) ? { return_url: targetOf(incoming) } : {})
  query.set('code', error.code)
  const separator = page.includes('?') ? '&' : '?'
  return new Response(null, {
    status: 303,
    headers: { location: `${page}${separator}${query}`, 'referrer-policy': 'no-referrer' },
  })
}

function problemDocument(error: AuthError, incoming: Incoming, rules: RefusalRules): Response {
  const signInUrl = signInHelps.has(error.code) ? signInUrlFor(error, incoming, rules) : undefined
  const problem = {
    type: 'about:blank',
    title: error.expose ? error.message : 'Something went wrong.',
    status: error.status,
    code: error.code,
    ...(signInUrl === undefined ? {} : { signInUrl }),
  }
  const headers = new Headers({ 'content-type': 'application/problem+json' })
  const challenge = challenges.get(error.code)
  if (challenge !== undefined) headers.set('www-authenticate', challenge)
  const { allow } = (error.cause ?? {}) as { allow?: string }
  if (error.code === 'core/method_not_allowed' && allow !== undefined) headers.set('allow', allow)
  return new Response(JSON.stringify(problem), { status: error.status, headers })
}

/** Where a person can do what the error asks for: the provider's own sign-in if it names one. */
function signInUrlFor(error: AuthError, incoming: Incoming, rules: RefusalRules): string | undefined {
  const { provider } = (error.cause ?? {}) as { provider?: string }
  const candidates = [...rules.providers].filter(([, mounted]) => mounted.signInPath !== undefined)
  const [name, mounted] = candidates.find(([candidate]) => candidate === provider) ?? candidates[0] ?? []
  if (provider === undefined && rules.pages.signIn !== undefined) return rules.pages.signIn
  if (mounted === undefined) return rules.pages.signIn
  const query = isPageNavigation(incoming) ? `?${new URLSearchParams({ return_url: targetOf(incoming) })}` : ''
  return `${rules.basePath}/${name}${mounted.signInPath}${query}`
}

function targetOf(incoming: Incoming): string {
  const { path, query } = requestTarget(incoming)
  return path + query
}
