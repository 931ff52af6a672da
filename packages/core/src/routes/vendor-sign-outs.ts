import type { AuthContext } from '../context/auth-context.ts'
import type { RequestSession } from '../context/request-session.ts'
import type { ErrorCode } from '../model/event.ts'
import { memberAt } from '../model/identity.ts'
import { startDeadline } from '../model/time.ts'

const timeoutSeconds = 3

/** Gives a sign-out at a vendor its 3 seconds. */
function inTime<Result>(signOut: () => Promise<Result>): Promise<Result> {
  return startDeadline(timeoutSeconds, () => new Error('deadline')).race(signOut())
}

/**
 * Asks the providers of a session to end their side of it, all at once and under 3 seconds, and tells which URLs the
 * browser must visit for it. What has been revoked here is ended there, too. A provider that fails is reported and left
 * out: our own session has ended before.
 */
export async function vendorSignOuts(
  context: AuthContext,
  requestSession: RequestSession,
  returnTo: URL,
): Promise<readonly URL[]> {
  const { brought } = requestSession
  if (brought === null) return []
  const results = await Promise.all(
    Object.entries(brought.identities).map(async ([name, identity]) => {
      const provider = context.providers.get(name)
      // Tokens of an issuer that is not the provider's any more are none of its business.
      if (provider?.signOut === undefined || !provider.accountIssuers.includes(identity.issuer)) return undefined
      const tokens = memberAt(brought.tokens, name) ?? null
      const report = (details: { readonly code?: ErrorCode }): void =>
        context.emit(
          { at: context.clock(), type: 'provider.sign_out_failed', provider: name, ...details },
          requestSession.frameworkRequest,
        )
      try {
        const { url, failure } = (await inTime(async () => provider.signOut?.(tokens, identity, { returnTo }))) ?? {}
        if (failure !== undefined) report({ code: failure })
        return url
      } catch {
        report({})
        return undefined
      }
    }),
  )
  return results.filter((url) => url !== undefined)
}
