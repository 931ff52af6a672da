import type { AuthContext } from '../context/auth-context.ts'
import type { RequestSession } from '../context/request-session.ts'
import { coreError } from '../errors/core-errors.ts'
import { startDeadline } from '../model/time.ts'
import { type SignIn, type SignInDecision, sessionAfter, signInRequest } from '../session/sign-in.ts'

/** For each call of a callback of the app at a sign-in. */
const timeoutSeconds = 5

const revocationSeconds = 3

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
  const { sessionSettings } = context
  const asked = signInRequest(signIn, frameworkRequest)
  const inTime = <Result>(work: () => Promise<Result>): Promise<Result> =>
    startDeadline(timeoutSeconds, () => coreError('core/internal_error', { cause: { error: 'Late' } })).race(work())
  try {
    const decision = await inTime(async () => context.onSignIn(asked))
    // Refuses what is none of the answers, before anyone is told of the sign-in.
    sessionAfter(signIn, decision)
    if (sessionSettings.strategy === 'external') {
      const tokens = signIn.tokens ?? null
      await inTime(async () => sessionSettings.onSignedIn?.(asked.identity, { frameworkRequest, tokens }))
    }
    return decision
  } catch (error) {
    await revoke(context, signIn, new URL(own.origin))
    throw error
  }
}

/** Ends tokens that nobody will use. What goes wrong with it stays without effect: they end by themselves. */
async function revoke({ providers }: AuthContext, { identity, tokens }: SignIn, returnTo: URL): Promise<void> {
  const provider = providers.get(identity.provider)
  if (tokens === undefined || provider?.signOut === undefined) return
  const ended = (async () => provider.signOut?.(tokens, identity, { returnTo }))()
  await startDeadline(revocationSeconds, () => new Error('deadline'))
    .race(ended)
    .catch(() => {})
}
