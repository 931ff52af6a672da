import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common'
import type { PlatformResponse } from './platform.ts'
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

/** Answers a refused request as core would. */
@Catch(Refusal)
export class RefusalFilter implements ExceptionFilter<Refusal> {
  catch({ answer }: Refusal, host: ArgumentsHost): Promise<void> {
    return sendResponse(host.switchToHttp().getResponse<PlatformResponse>(), answer)
  }
}
