import type { Auth } from './auth.ts'
import { processWide } from './model/bounded-map.ts'
import { type Answer, toAnswer } from './request/answer.ts'

type Handle = Auth['handle']

/** The same as a `handle`, without the `Response`. */
export type AnswerRoute = (...given: Parameters<Handle>) => Promise<Answer>

/** Remembers what a `handle` makes its responses of. */
export function rememberAnswers(handle: Handle, answer: AnswerRoute): Handle {
  answers().set(handle, answer)
  return handle
}

/**
 * Answers a request as `auth.handle` does, for an adapter that writes to something else than a `Response`. A `handle` that
 * the app has put in the place of ours is asked as it is.
 */
export async function answerRoute(
  { handle }: Pick<Auth, 'handle'>,
  ...given: Parameters<Auth['handle']>
): Promise<Answer> {
  const answer = answers().get(handle)
  return answer === undefined ? toAnswer(await handle(...given)) : answer(...given)
}

function answers(): WeakMap<Handle, AnswerRoute> {
  return processWide('route-answers', () => new WeakMap<Handle, AnswerRoute>())
}
