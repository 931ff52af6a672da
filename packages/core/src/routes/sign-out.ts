import type { AuthContext } from '../context/auth-context.ts'
import { checkRate } from '../context/rate-limit.ts'
import type { RequestSession } from '../context/request-session.ts'
import { isAuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import type { Answer } from '../request/answer.ts'
import { opensPage } from '../request/navigation.ts'
import type { RequestLike } from '../request/request-like.ts'
import { errorAnswer, jsonAnswer, seeOther } from '../request/response.ts'
import { returnTargetOrRoot } from '../request/return-to.ts'
import { endSessions, type UnfinishedSignOut } from './end-sessions.ts'
import { expireForeignCookies } from './foreign-cookies.ts'
import { nextPath } from './route-table.ts'
import { createSealedCookie, type SealedCookie } from './sealed-cookie.ts'
import type { SignOutRequest } from './sign-out-request.ts'
import { vendorSignOuts } from './vendor-sign-outs.ts'

/** Where a browser still has to go to sign out of the vendors, and where it ends. */
interface SignOutChain {
  readonly urls: readonly string[]
  readonly returnTo: string
  /** Whether it ends with an error instead: what the store kept us from ending is told once the vendors have been visited. */
  readonly isIncomplete: boolean
}

/**
 * Ends our session always, then the vendors' sides of it; the browser visits them in turn.
 *
 * Nothing that fails keeps the rest from ending. What the store kept us from ending answers `auth/sign_out_incomplete`, and
 * the next sign-out in this browser, within 10 minutes, tries it again.
 *
 * @throws `core/rate_limited`
 */
export async function signOut(
  context: AuthContext,
  requestSession: RequestSession,
  { everywhere, returnUrl }: SignOutRequest,
): Promise<Answer> {
  await checkSignOutRate(context, requestSession)
  const { request, cookies, frameworkRequest, own } = requestSession
  const { cookieName } = context.sessionSettings
  const leftovers = leftoversOf(context)
  const unfinished = await leftovers.read(cookies, own.origin)
  for (const sent of cookies.sent.namesWith(`${cookieName}.`)) cookies.response.expire(sent)
  for (const provider of context.providers.keys()) expireForeignCookies(context, requestSession, provider)
  const { records, left } = await endSessions(context, requestSession, { everywhere, unfinished })
  if (left !== null) {
    const { reason, ...rest } = left
    await leftovers.write(cookies, own.origin, rest)
    const { code, hint } = coreError('auth/sign_out_incomplete')
    context.emit({ at: context.clock(), type: 'sign_out.incomplete', code, hint, reason }, frameworkRequest)
  }
  const [first, ...urls] = await vendorSignOuts(context, {
    records,
    returnTo: new URL(`${own.origin}${context.basePath}${nextPath}`),
    frameworkRequest,
  })
  const returnTo = returnTargetOrRoot(returnUrl, { ...context, origin: own.origin })
  const isPage = opensPage(request)
  if (first !== undefined) {
    await chainsOf(context).write(cookies, own.origin, { urls, returnTo, isIncomplete: isPage && left !== null })
  }
  if (isPage && (first !== undefined || left === null)) return seeOther(first ?? returnTo)
  const members = first === undefined ? {} : { signOutUrl: first }
  return left === null ? jsonAnswer(members) : incomplete(context, request, members)
}

/** Leads the browser, which a vendor sent back, to the next of them, and at the end to where the sign-out wanted. */
export async function continueSignOut(
  context: AuthContext,
  { request, cookies, own }: RequestSession,
): Promise<Answer> {
  const chains = chainsOf(context)
  const chain = await chains.read(cookies, own.origin)
  const [next, ...urls] = chain?.urls ?? []
  if (chain === null || next === undefined) {
    chains.forget(cookies)
    return chain?.isIncomplete === true ? incomplete(context, request, {}) : seeOther(chain?.returnTo ?? '/')
  }
  await chains.write(cookies, own.origin, { ...chain, urls })
  return seeOther(next)
}

function chainsOf({ vault, clock, sessionSettings }: AuthContext): SealedCookie<SignOutChain> {
  const name = `${sessionSettings.cookieName}.logout`
  return createSealedCookie({ vault, clock, name, purpose: 'logout', lifetime: 120 })
}

function leftoversOf({ vault, clock, sessionSettings }: AuthContext): SealedCookie<UnfinishedSignOut> {
  const name = `${sessionSettings.cookieName}.logout.left`
  return createSealedCookie({ vault, clock, name, purpose: 'unfinished-logout', lifetime: 600 })
}

/** Asks the app's limit. A user must be able to sign out also where the limit itself fails: it has to say no to be heard. */
async function checkSignOutRate(context: AuthContext, { frameworkRequest }: RequestSession): Promise<void> {
  try {
    await checkRate(context.rateLimit, { kind: 'logout', provider: 'core', frameworkRequest })
  } catch (error) {
    if (!isAuthError(error) || error.code !== 'core/rate_limit_unavailable') throw error
    const { code, hint } = error
    context.emit({ at: context.clock(), type: 'rate_limit.failed', code, hint }, frameworkRequest)
  }
}

/** Says that a sign-out did not end everything; a script also gets to know where it still has to send the browser. */
function incomplete(context: AuthContext, request: RequestLike, members: Readonly<Record<string, string>>): Answer {
  const error = coreError('auth/sign_out_incomplete', { cause: { retryAfterSeconds: 1 } })
  return errorAnswer(error, request, { ...context, forms: true, members })
}
