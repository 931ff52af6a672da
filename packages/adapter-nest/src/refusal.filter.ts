import type { AuthError } from '@latchkey/core'
import { type Auth, isAuthError } from '@latchkey/core/adapter'
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common'
import { addToResponse } from './ask-auth.ts'
import { type HttpExchange, type PlatformRequest, type PlatformResponse, rawResponse, requestLike } from './platform.ts'
import { sendResponse } from './web-response.ts'

/**
 * What a guard throws when it refuses a request. A filter of the app that catches everything still finds the status and
 * the problem document; its `cause` is the `AuthError`.
 */
export class Refusal extends HttpException {
  readonly answer: Response

  private constructor(answer: Response, problem: object, cause: unknown) {
    super(problem, answer.status, { cause })
    this.answer = answer
  }

  static async of(answer: Response, cause: unknown): Promise<Refusal> {
    const problem = answer.body === null ? {} : ((await answer.clone().json()) as object)
    return new Refusal(answer, problem, cause)
  }
}

/**
 * Does what a guard or a parameter asks for.
 *
 * @throws Refusal in place of an `AuthError`
 */
export async function orRefuse<Result>(
  exchange: HttpExchange,
  auth: Auth,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!isAuthError(error)) throw error
    const answer = auth.errorResponse(error, requestLike(exchange.request))
    // For a filter of the app that answers in place of ours, in a format of its own.
    await addToResponse(
      exchange,
      [...answer.headers].filter(([header]) => header !== 'content-type'),
    )
    throw await Refusal.of(answer, error)
  }
}

const authsOfErrors = new WeakMap<object, Auth>()

/**
 * Does what a handler asks for. An `AuthError` stays what it is, so that the handler can read its code; if the handler
 * lets it pass, the filter answers it as the auth would.
 */
export async function orAnswer<Result>(
  { response }: HttpExchange,
  auth: Auth,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (isAuthError(error) && response !== null) authsOfErrors.set(error, auth)
    throw error
  }
}

/** The errors that {@link orAnswer} saw. Nest finds a filter by `instanceof`, and other errors are not ours to answer. */
abstract class AnsweredError {
  static [Symbol.hasInstance](error: unknown): boolean {
    return typeof error === 'object' && error !== null && authsOfErrors.has(error)
  }
}

/** Answers a refused request as core would. */
@Catch(Refusal, AnsweredError)
export class RefusalFilter implements ExceptionFilter<Refusal | AuthError> {
  async catch(error: Refusal | AuthError, host: ArgumentsHost): Promise<void> {
    // A resolver of GraphQL answers its errors itself.
    if (host.getType<string>() !== 'http') throw error
    const http = host.switchToHttp()
    const [request, response] = [http.getRequest<PlatformRequest>(), http.getResponse<PlatformResponse>()]
    if (rawResponse(response).headersSent) rawResponse(response).end()
    else await sendResponse({ request, response }, answerTo(error, request))
  }
}

function answerTo(error: Refusal | AuthError, request: PlatformRequest): Response {
  if (error instanceof Refusal) return error.answer
  const auth = authsOfErrors.get(error)
  if (auth === undefined) throw error
  return auth.errorResponse(error, requestLike(request))
}
