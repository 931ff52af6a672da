import type { AuthContext } from '../context/auth-context.ts'
import { checkRate } from '../context/rate-limit.ts'
import type { RequestSession } from '../context/request-session.ts'
import { isAuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import { opensPage } from '../request/navigation.ts'
import { errorResponse, seeOther } from '../request/response.ts'
import { returnTargetOrRoot } from '../request/return-to.ts'
import { endSessions, type UnfinishedSignOut } from './end-sessions.ts'
import { expireForeignCookies } from './provider-routes.ts'
import type { MountedRoute } from './route-table.ts'
import { createSealedCookie } from './sealed-cookie.ts'
import { readSignOutRequest } from './sign-out-request.ts'
import { vendorSignOuts } from './vendor-sign-outs.ts'

/** Where a browser still has to go to sign out of the vendors, and where it ends. */
interface SignOutChain {
  readonly urls: readonly string[]
  readonly returnTo: string
  /** Whether it ends with an error instead: what the store kept us from ending is told once the vendors have been visited. */
  readonly isIncomplete: boolean
}

/**
 * The two routes of sign-out. `POST /logout` ends our session always, then the vendors' sides of it; the vendors send the
 * browser back to `GET /logout/next`, which visits the next of them. With the field `everywhere=yes` every other session of
 * the user ends, too.
 *
 * Nothing that fails keeps the rest from ending. What the store kept us from ending answers `auth/sign_out_incomplete`, and
 * the next sign-out in this browser, within 10 minutes, tries it again.
 */
export function signOutRoutes(context: AuthContext): readonly MountedRoute[] {
  const { basePath, clock, vault } = context
  const { cookieName } = context.sessionSettings
  const name = `${cookieName}.logout`
  const chains = createSealedCookie<SignOutChain>({ vault, clock, name, purpose: 'logout', lifetime: 120 })
  const leftovers = createSealedCookie<UnfinishedSignOut>({
    vault,
    clock,
    name: `${name}.left`,
    purpose: 'unfinished-logout',
    lifetime: 600,
  })
  const nextPath = `${basePath}/logout/next`

  return [
    {
      method: 'POST',
      path: `${basePath}/logout`,
      accepts: 'same-origin',
      kind: 'logout',
      provider: null,
      readsSession: false,
      isReadByTrustedPages: true,
      async run(request, requestSession, body) {
        await checkSignOutRate(context, requestSession)
        const { cookies, frameworkRequest, own } = requestSession
        const { everywhere, returnUrl } = await readSignOutRequest(request, body)
        const unfinished = await leftovers.read(cookies, own.origin)
        for (const sent of cookies.sent.namesWith(`${cookieName}.`)) cookies.response.expire(sent)
        for (const provider of context.providers.keys()) expireForeignCookies(context, requestSession, provider)
        const { records, left } = await endSessions(context, requestSession, { everywhere, unfinished })
        if (left !== null) {
          const { reason, ...rest } = left
          await leftovers.write(cookies, own.origin, rest)
          const { code, hint } = coreError('auth/sign_out_incomplete')
          context.emit({ at: clock(), type: 'sign_out.incomplete', code, hint, reason }, frameworkRequest)
        }
        const [first, ...urls] = await vendorSignOuts(context, {
          records,
          returnTo: new URL(own.origin + nextPath),
          frameworkRequest,
        })
        const returnTo = returnTargetOrRoot(returnUrl, { ...context, origin: own.origin })
        const isPage = opensPage(request)
        if (first !== undefined) {
          await chains.write(cookies, own.origin, { urls, returnTo, isIncomplete: isPage && left !== null })
        }
        if (isPage && (first !== undefined || left === null)) return seeOther(first ?? returnTo)
        const members = first === undefined ? {} : { signOutUrl: first }
        return left === null ? Response.json(members) : incomplete(context, request, members)
      },
    },
    {
      method: 'GET',
      path: nextPath,
      accepts: 'provider-callback',
      kind: 'logout_next',
      provider: null,
      readsSession: false,
      async run(request, { cookies, own }) {
        const chain = await chains.read(cookies, own.origin)
        const [next, ...urls] = chain?.urls ?? []
        if (chain === null || next === undefined) {
          chains.forget(cookies)
          return chain?.isIncomplete === true ? incomplete(context, request, {}) : seeOther(chain?.returnTo ?? '/')
        }
        await chains.write(cookies, own.origin, { ...chain, urls })
        return seeOther(next)
      },
    },
  ]
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
function incomplete(context: AuthContext, request: Request, members: Readonly<Record<string, string>>): Response {
  const error = coreError('auth/sign_out_incomplete', { cause: { retryAfterSeconds: 1 } })
  return errorResponse(error, request, { ...context, forms: true, members })
}
