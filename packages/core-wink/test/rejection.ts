import { type AuthError, isAuthError } from '@latchkey/core'

/** The error that a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<AuthError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!isAuthError(error)) throw new Error('Was not refused by an error of ours')
  return error
}
