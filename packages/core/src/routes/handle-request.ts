import type { AuthContext } from '../context/auth-context.ts'
import { setCookieHeaders } from '../context/in-session.ts'
import { checkRate } from '../context/rate-limit.ts'
import { openRequestSession, type RequestSession } from '../context/request-session.ts'
import { type AuthError, faultOf } from '../errors/auth-error.ts'
import { asAuthError, coreError } from '../errors/core-errors.ts'
import type { Arrival } from '../login/arrival.ts'
import { type Seconds, startDeadline } from '../model/time.ts'
import { type Answer, withMoreHeaders } from '../request/answer.ts'
import { isPreflight, preflightAnswer, withCrossOrigin } from '../request/cross-origin.ts'
import { checkSource } from '../request/request-source.ts'
import { errorAnswer, withNoStore } from '../request/response.ts'
import {
  arrivalOf,
  callbackKey,
  fromPlain,
  isSpent,
  keptAs,
  type RouteAnswer,
  relayCallback,
  replaySeconds,
  toPlain,
} from './callback.ts'
import type { MountedRoute, RouteTable } from './route-table.ts'

/** A request to one of the routes, as the adapter passed it. */
export interface RouteRequest {
  readonly request: Request
  readonly body: unknown
  readonly frameworkRequest: unknown
}

/** Answers a request to one of the routes; whatever goes wrong becomes an answer too. */
export async function handleRequest(
  context: AuthContext,
  routes: RouteTable,
  routeRequest: RouteRequest,
): Promise<Answer> {
  const { request } = routeRequest
  const methods = context.trustedOrigins.size === 0 ? [] : routes.methodsForTrustedPages(request)
  const readable = (answer: Answer): Answer =>
    methods.length === 0 ? answer : withCrossOrigin(answer, request, context)
  let route: MountedRoute | undefined
  try {
    if (isPreflight(request, { ...context, methods })) {
      context.origins.resolve(request)
      return readable(preflightAnswer(methods))
    }
    const found = routes.find(request)
    route = found
    const relayed = await relayCallback(context, request, found)
    if (relayed !== null) return readable(withNoStore(relayed))
    const { origin } = context.origins.resolve(request)
    checkSource(found.accepts, request, { origin, trustedOrigins: context.trustedOrigins })
    const arrival = await arrivalOf(context, { request, origin, route: found })
    await limitCallback(context, found, { arrival, frameworkRequest: routeRequest.frameworkRequest })
    const arrived = { ...routeRequest, arrival }
    const key = callbackKey(context, { request, origin }, arrival)
    if (key === null) return readable((await runRoute(context, found, arrived)).answer)
    const work = async () => toPlain(await inTime(runRoute(context, found, arrived)))
    const sharedWith = (await isSpent(context, arrival)) ? 'process' : 'fleet'
    const kept = await context.vault.once(key, { lifetime: replaySeconds, sharedWith, work, keptAs })
    return readable(fromPlain(context, kept))
  } catch (error) {
    return readable(refuse(context, error, { routeRequest, route }))
  }
}

/** Less than the lock of the fleet's work lives. */
const callbackSeconds: Seconds = 10

/** The lock under which a callback is answered once must not end before it. */
function inTime<Result>(work: Promise<Result>): Promise<Result> {
  return startDeadline(callbackSeconds, () => coreError('core/vendor_timeout')).race(work)
}

/** Asks the app's limit about a callback whose `state` is ours, before anything is read or written for it. */
async function limitCallback(
  { rateLimit }: AuthContext,
  { provider }: MountedRoute,
  { arrival, frameworkRequest }: { readonly arrival: Arrival | null; readonly frameworkRequest: unknown },
): Promise<void> {
  if (provider === null || arrival === null || arrival.state === null) return
  await checkRate(rateLimit, { kind: 'callback', provider, frameworkRequest })
}

async function runRoute(
  context: AuthContext,
  route: MountedRoute,
  routeRequest: RouteRequest & { readonly arrival: Arrival | null },
): Promise<RouteAnswer> {
  let requestSession: RequestSession | undefined
  try {
    const reads = route.readsSession ?? true
    requestSession = await openRequestSession(context, routeRequest.request, { ...routeRequest, reads })
    const answer = await route.run(routeRequest.request, requestSession, routeRequest.body)
    const { signingIn, record } = requestSession
    return { answer: withSession(answer, requestSession), isSignIn: signingIn !== null, record }
  } catch (error) {
    const answer = refuse(context, error, { routeRequest, route, signingIn: requestSession?.signingIn })
    return {
      answer: requestSession === undefined ? answer : withSession(answer, requestSession),
      isSignIn: false,
      record: null,
    }
  }
}

/** What was refused. */
interface RefusedRoute {
  readonly route: MountedRoute | undefined
  /** The provider whose sign-in it was, where only the route itself knows it. */
  readonly signingIn?: string | null | undefined
}

function refuse(
  context: AuthContext,
  thrown: unknown,
  { routeRequest, ...of }: RefusedRoute & { readonly routeRequest: RouteRequest },
): Answer {
  const error = asAuthError(thrown)
  reportRefusal(context, error, { ...of, frameworkRequest: routeRequest.frameworkRequest })
  return errorAnswer(error, routeRequest.request, { ...context, forms: of.route?.leadsFormsToPages === true })
}

/** Adds the cookies of its session to an answer of a route. */
function withSession(answer: Answer, requestSession: RequestSession): Answer {
  return withMoreHeaders(withNoStore(answer), setCookieHeaders(requestSession))
}

function reportRefusal(
  context: AuthContext,
  error: AuthError,
  { route, signingIn = null, frameworkRequest }: RefusedRoute & { readonly frameworkRequest: unknown },
): void {
  const provider = signingIn ?? route?.provider ?? undefined
  const why = { at: context.clock(), hint: error.hint, ...faultOf(error) }
  const isLogin = route?.accepts === 'navigation' || route?.accepts === 'provider-callback'
  context.emit(
    provider !== undefined && (isLogin || signingIn !== null)
      ? { ...why, type: 'sign_in.refused', provider }
      : { ...why, type: 'request.refused', provider },
    frameworkRequest,
  )
}
