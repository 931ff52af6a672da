import type { AuthContext } from '../context/auth-context.ts'
import { checkRate } from '../context/rate-limit.ts'
import type { RequestSession } from '../context/request-session.ts'
import { identityAt, userKey } from '../model/identity.ts'
import { opensPage } from '../request/navigation.ts'
import { seeOther } from '../request/response.ts'
import { returnTargetOrRoot } from '../request/return-to.ts'
import { expireForeignCookies } from './provider-routes.ts'
import type { MountedRoute } from './route-table.ts'
import { createSignOutChains } from './sign-out-chain.ts'
import { readSignOutRequest } from './sign-out-request.ts'
import { vendorSignOuts } from './vendor-sign-outs.ts'

/**
 * The two routes of sign-out. `POST /logout` ends our session first and always, then the vendors' sides of it; the
 * vendors send the browser back to `GET /logout/next`, which visits the next of them. With the field `everywhere=yes`
 * every other session of the user ends, too.
 */
export function signOutRoutes(context: AuthContext): readonly MountedRoute[] {
  const { basePath, clock, sessionSettings, vault } = context
  const chains = createSignOutChains(vault, sessionSettings.cookieName, clock)
  const nextPath = `${basePath}/logout/next`

  return [
    {
      method: 'POST',
      path: `${basePath}/logout`,
      accepts: 'same-origin',
      provider: null,
      async run(request, requestSession, body) {
        await checkRate(context.rateLimit, {
          kind: 'logout',
          provider: 'core',
          frameworkRequest: requestSession.frameworkRequest,
        })
        const { everywhere, returnUrl } = await readSignOutRequest(request, body)
        await endSession(context, requestSession, everywhere)
        const { origin } = requestSession.own
        const urls = await vendorSignOuts(context, requestSession, new URL(origin + nextPath))
        const returnTo = returnTargetOrRoot(returnUrl, { ...context, origin })
        const [first, ...rest] = urls.map(({ href }) => href)
        if (first !== undefined) await chains.write(requestSession.cookies, { urls: rest, returnTo })
        if (opensPage(request)) return seeOther(first ?? returnTo)
        return Response.json(first === undefined ? {} : { signOutUrl: first })
      },
    },
    {
      method: 'GET',
      path: nextPath,
      accepts: 'provider-callback',
      provider: null,
      async run(_request, requestSession) {
        const chain = await chains.read(requestSession.cookies)
        const [next, ...rest] = chain?.urls ?? []
        if (chain === null || next === undefined) {
          chains.forget(requestSession.cookies)
          return seeOther(chain?.returnTo ?? '/')
        }
        await chains.write(requestSession.cookies, { urls: rest, returnTo: chain.returnTo })
        return seeOther(next)
      },
    },
  ]
}

/** Ends the session and whatever logins are under way in this browser. */
async function endSession(context: AuthContext, requestSession: RequestSession, everywhere: boolean): Promise<void> {
  const { record, cookies, frameworkRequest } = requestSession
  const { sessions, sessionSettings, revocations } = context
  for (const name of cookies.sent.namesWith(`${sessionSettings.cookieName}.`)) cookies.response.expire(name)
  for (const provider of context.providers.keys()) expireForeignCookies(context, requestSession, provider)
  await sessions.end(cookies, record)
  if (record === null) return
  if (everywhere) {
    await Promise.all(Object.values(record.identities).map((identity) => revocations.revoke(userKey(identity))))
  }
  const user = identityAt(record.identities, record.userProvider)
  if (user === undefined) return
  const reason = everywhere ? 'signed_out_everywhere' : 'signed_out'
  context.emit(
    { at: context.clock(), type: 'session.ended', reason, provider: user.provider, user: userKey(user) },
    frameworkRequest,
  )
}
