/**
 * What an adapter for a framework needs: it moves headers and decides nothing.
 *
 * @module
 */

export { addListener } from './add-listener.ts'
export { answerRoute } from './answer-route.ts'
export type {
  AskedRequest,
  AskedRequestOptions,
  GuardOptions,
  GuardQuestion,
  SessionOrBearerRequirement,
} from './asked-request.ts'
export { bearerQuestion, openAskedRequest, sessionOrBearerQuestion, sessionQuestion } from './asked-request.ts'
export type { Auth } from './auth.ts'
export { isAuthError } from './errors/auth-error.ts'
export { notFound, notMounted } from './errors/core-errors.ts'
export { checkOptions, checkRequirement, invalidOption, option, required, rule } from './errors/options.ts'
export type { BearerRequirement } from './guard/require-bearer.ts'
export { checkBearerChoice, checkBearerRequirementEarly } from './guard/require-bearer.ts'
export type { SessionRequirement } from './guard/require-session.ts'
export { checkSessionRequirementEarly } from './guard/require-session.ts'
export type { Authenticated, AuthenticatedBearer, AuthenticatedSession, SessionResult } from './guard/results.ts'
export type { SessionEnd, WatchOptions } from './guard/watch-session.ts'
export type { AuthEvent, EventListener } from './model/event.ts'
export type { ProviderName } from './model/identity.ts'
export type { Session, SessionPatch } from './model/session.ts'
export type { BearerToken } from './provider/contract.ts'
export type { Answer } from './request/answer.ts'
export { toAnswer } from './request/answer.ts'
export { opensPage } from './request/navigation.ts'
export type { HeaderEntries, RequestLike } from './request/request-like.ts'
export type { HeaderSource, RequestScope } from './request/request-scope.ts'
export { createRequestScope } from './request/request-scope.ts'
export type { RequestState } from './request/request-state.ts'
export { createRequestState } from './request/request-state.ts'
export { crossOriginPaths, routeMethods } from './route-methods.ts'
export { watchSession } from './watch-session.ts'
