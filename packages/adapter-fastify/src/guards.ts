import {
  type Authenticated,
  type BearerRequirement,
  type BearerToken,
  bearerQuestion,
  type GuardOptions,
  type GuardQuestion,
  isAuthError,
  type Session,
  type SessionOrBearerRequirement,
  type SessionRequirement,
  sessionOrBearerQuestion,
  sessionQuestion,
} from '@latchkey/core/adapter'
import { toRequestLike } from '@latchkey/core/adapter/node'
import { type AnyReply, type AnyRequest, askedRequest, rememberQuestion } from './mounted-auth.ts'
import { sendResponse } from './send-response.ts'

/** A hook for any position before the handler: `onRequest`, `preParsing`, `preValidation` or `preHandler`. */
export type GuardHook = (request: AnyRequest, reply: AnyReply) => Promise<void>

/**
 * Makes a hook that lets a request pass only with a session that meets the requirement. Otherwise it answers itself: with
 * a problem document or, to a user who opens a page, with a redirect.
 *
 * @example app.get('/payroll', { preHandler: requireSession({ maxAuthAgeSeconds: 300 }) }, handler)
 * @throws `core/invalid_option` for a requirement that could not hold what it seems to say
 */
export function requireSession(requirement: SessionRequirement = {}, options: GuardOptions = {}): GuardHook {
  return guard(sessionQuestion(requirement, options))
}

/**
 * Makes a hook that lets a request pass only with an access token (`Authorization: Bearer`) that meets the requirement.
 * Otherwise it answers itself. Where several providers verify tokens of one issuer, a route with a requirement that names
 * none of them is refused at the start of the app.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750
 * @throws `core/invalid_option`
 */
export function requireBearer(requirement: BearerRequirement = {}): GuardHook {
  return guard(bearerQuestion(requirement))
}

/**
 * Makes a hook that lets a request pass with an access token if it presents one, else with a session; as the two others
 * do.
 *
 * @throws `core/invalid_option`
 */
export function requireSessionOrBearer(requirement: SessionOrBearerRequirement): GuardHook {
  return guard(sessionOrBearerQuestion(requirement))
}

/**
 * What the last guard let pass; `kind` says which of the two it was.
 *
 * @throws `core/not_mounted` where no guard ran before
 */
export function authOf(request: AnyRequest): Authenticated {
  return askedRequest(request).authOf()
}

/**
 * The session that a guard let pass, as `updateSession` has left it.
 *
 * @throws `core/not_mounted` where no guard let a session pass before
 */
export function sessionOf(request: AnyRequest): Session {
  return askedRequest(request).sessionOf()
}

/**
 * The access token that a guard let pass.
 *
 * @throws `core/not_mounted` where no guard let an access token pass before
 */
export function bearerOf(request: AnyRequest): BearerToken {
  return askedRequest(request).bearerOf()
}

function guard(question: GuardQuestion): GuardHook {
  const hook: GuardHook = async (request, reply) => {
    const asked = askedRequest(request)
    try {
      await asked.pass(question)
    } catch (error) {
      if (!isAuthError(error)) throw error
      await sendResponse(reply, asked.auth.errorResponse(error, toRequestLike(request)))
    }
  }
  return rememberQuestion(hook, question)
}
