import type { AuthContext } from '../context/auth-context.ts'
import type { RequestSession } from '../context/request-session.ts'
import { revokeUnused } from '../context/vendor-sign-out.ts'
import { coreError } from '../errors/core-errors.ts'
import { startDeadline } from '../model/time.ts'
import { type SignIn, type SignInDecision, sessionAfter, signInRequest } from '../session/sign-in.ts'

/** What is done where the app has no say. */
const beginsNew: SignInDecision = { action: 'new' }

/** For each call of a callback of the app at a sign-in. */
const timeoutSeconds = 5

/**
 * Asks the app about a sign-in, and with external sessions hands it over. Where the app refuses, throws or is late, nothing
 * is written, and tokens that were got are revoked: nobody has them.
 *
 * @throws `auth/sign_in_refused`, the code that `onSignIn` gave, `core/internal_error`
 */
export async function decide(
  context: AuthContext,
  signIn: SignIn,
  { frameworkRequest, own }: Pick<RequestSession, 'frameworkRequest' | 'own'>,
): Promise<SignInDecision> {
  const { sessionSettings, onSignIn } = context
  if (onSignIn === null && sessionSettings.strategy !== 'external') return beginsNew
  const asked = signInRequest(signIn, frameworkRequest)
  const inTime = <Result>(work: () => Promise<Result>): Promise<Result> =>
    startDeadline(timeoutSeconds, () => coreError('core/internal_error', { cause: { error: 'Late' } })).race(work())
  try {
    const decision = onSignIn === null ? beginsNew : await inTime(async () => onSignIn(asked))
    // Refuses what is none of the answers, before anyone is told of the sign-in.
    sessionAfter(signIn, decision)
    if (sessionSettings.strategy === 'external') {
      const tokens = signIn.tokens ?? null
      await inTime(async () => sessionSettings.onSignedIn?.(asked.identity, { frameworkRequest, tokens }))
    }
    return decision
  } catch (error) {
    await revokeUnused(context, signIn, new URL(own.origin))
    throw error
  }
}
