import {
  type Auth,
  type Authenticated,
  type BearerRequirement,
  type BearerToken,
  checkBearerRequirementEarly,
  checkOptions,
  checkSessionRequirementEarly,
  isAuthError,
  notMounted,
  option,
  type RequestLike,
  required,
  type Session,
  type SessionRequirement,
} from '@latchkey/core/adapter'
import { toRequestLike } from '@latchkey/core/adapter/node'
import { type AnyReply, type AnyRequest, type AskedRequest, askedRequest, isReadOnly } from './mounted-auth.ts'
import { sendResponse } from './send-response.ts'

/** A hook for any position before the handler: `onRequest`, `preParsing`, `preValidation` or `preHandler`. */
export type GuardHook = (request: AnyRequest, reply: AnyReply) => Promise<void>

/** More of `requireSession`. */
export interface GuardOptions {
  /**
   * Whether nothing of this request is refreshed, prolonged or written: for answers that bypass Node's `writeHead`, such
   * as those of a connection that is taken over. Requests that ask for an upgrade are read like this by themselves.
   * Default false.
   */
  readonly readOnly?: boolean | undefined
}

/** What `requireSessionOrBearer` requires. */
export interface SessionOrBearerRequirement {
  /** Of a request that presents no access token. */
  readonly session: SessionRequirement
  /** Of a request that presents one, good or bad. */
  readonly bearer: BearerRequirement
}

/**
 * Makes a hook that lets a request pass only with a session that meets the requirement. Otherwise it answers itself: with
 * a problem document or, to a user who opens a page, with a redirect.
 *
 * @example app.get('/payroll', { preHandler: requireSession({ maxAuthAgeSeconds: 300 }) }, handler)
 * @throws `core/invalid_option` for a requirement that could not hold what it seems to say
 */
export function requireSession(requirement: SessionRequirement = {}, options: GuardOptions = {}): GuardHook {
  const checked = checkSessionRequirementEarly(requirement)
  const { readOnly = false } = checkOptions('requireSession', options, { readOnly: option.boolean })
  return guard((auth, request, asked) => {
    asked.isReadOnly ||= readOnly
    return auth.requireSession(request, checked, { readOnly: isReadOnly(asked) })
  })
}

/**
 * Makes a hook that lets a request pass only with an access token (`Authorization: Bearer`) that meets the requirement.
 * Otherwise it answers itself.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750
 * @throws `core/invalid_option`
 */
export function requireBearer(requirement: BearerRequirement = {}): GuardHook {
  const checked = checkBearerRequirementEarly(requirement)
  return guard((auth, request) => auth.requireBearer(request, checked))
}

/**
 * Makes a hook that lets a request pass with an access token if it presents one, else with a session; as the two others
 * do.
 *
 * @throws `core/invalid_option`
 */
export function requireSessionOrBearer(requirement: SessionOrBearerRequirement): GuardHook {
  const given = checkOptions('requireSessionOrBearer', requirement, {
    session: required(option.object),
    bearer: required(option.object),
  })
  const checked = {
    session: checkSessionRequirementEarly(given.session),
    bearer: checkBearerRequirementEarly(given.bearer),
  }
  return guard((auth, request, asked) => auth.requireSessionOrBearer(request, checked, { readOnly: isReadOnly(asked) }))
}

/**
 * What the last guard let pass; `kind` says which of the two it was.
 *
 * @throws `core/not_mounted` where no guard ran before
 */
export function authOf(request: AnyRequest): Authenticated {
  const passed = askedRequest(request).passed.at(-1)
  if (passed === undefined) throw notMounted()
  return passed
}

/**
 * The session that a guard let pass, as `updateSession` has left it.
 *
 * @throws `core/not_mounted` where no guard let a session pass before
 */
export function sessionOf(request: AnyRequest): Session {
  const passed = askedRequest(request).passed.findLast((each) => each.kind === 'session')
  if (passed === undefined) throw notMounted()
  return passed.session
}

/**
 * The access token that a guard let pass.
 *
 * @throws `core/not_mounted` where no guard let an access token pass before
 */
export function bearerOf(request: AnyRequest): BearerToken {
  const passed = askedRequest(request).passed.findLast((each) => each.kind === 'bearer')
  if (passed === undefined) throw notMounted()
  return passed.bearer
}

function guard(ask: (auth: Auth, request: RequestLike, asked: AskedRequest) => Promise<Authenticated>): GuardHook {
  return async (request, reply) => {
    const asked = askedRequest(request)
    try {
      const passed = await asked.scope.call((current) => ask(asked.auth, current, asked))
      asked.passed = [...asked.passed, passed]
    } catch (error) {
      if (!isAuthError(error)) throw error
      await sendResponse(reply, asked.auth.errorResponse(error, toRequestLike(request)))
    }
  }
}
