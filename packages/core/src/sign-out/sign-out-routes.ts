import type { Exchange } from '../exchange.ts'
import { readFields } from '../request/fields.ts'
import { returnTarget } from '../request/return-target.ts'
import { expireForeignCookies } from '../routes/foreign-cookies.ts'
import type { MountedRoute } from '../routes/route-table.ts'
import { seeOther } from '../routes/see-other.ts'
import { personOf } from '../session/identity.ts'
import type { SessionRecord } from '../session/session-record.ts'
import type { Wiring } from '../wiring.ts'
import { createSignOutChains } from './sign-out-chain.ts'
import { vendorSignOuts } from './vendor-sign-outs.ts'

/**
 * The two routes of sign-out. `POST /logout` ends our session first and always, then the vendors' sides of it; the
 * vendors send the browser back to `GET /logout/next`, which visits the next of them.
 */
export function signOutRoutes(wiring: Wiring): readonly MountedRoute[] {
  const { basePath, clock, sessionSettings, vault } = wiring
  const chains = createSignOutChains(vault, sessionSettings.cookieName, clock)
  const nextPath = `${basePath}/logout/next`

  return [
    {
      method: 'POST',
      path: `${basePath}/logout`,
      from: 'own-page',
      provider: null,
      async run(request, exchange, body) {
        await endSession(wiring, exchange)
        const { origin } = exchange.own
        const urls = await vendorSignOuts(wiring, exchange, new URL(origin + nextPath))
        const requested = (await readFields(request, body)).get('return_url')
        const returnTo = returnTarget(requested, { ...wiring, origin })
        const [first, ...rest] = urls.map(({ href }) => href)
        if (first !== undefined) await chains.write(exchange.cookies, { urls: rest, returnTo })
        if (isNavigation(request)) return seeOther(first ?? returnTo)
        return Response.json(first === undefined ? {} : { signOutUrl: first })
      },
    },
    {
      method: 'GET',
      path: nextPath,
      from: 'vendor',
      provider: null,
      async run(_request, exchange) {
        const chain = await chains.read(exchange.cookies)
        const [next, ...rest] = chain?.urls ?? []
        if (chain === null || next === undefined) {
          chains.forget(exchange.cookies)
          return seeOther(chain?.returnTo ?? '/')
        }
        await chains.write(exchange.cookies, { urls: rest, returnTo: chain.returnTo })
        return seeOther(next)
      },
    },
  ]
}

/** Ends the session and whatever logins are under way in this browser. */
async function endSession(wiring: Wiring, exchange: Exchange): Promise<void> {
  const { record, cookies, native } = exchange
  const { sessions, sessionSettings } = wiring
  for (const name of cookies.sent.namesWith(`${sessionSettings.cookieName}-`)) cookies.response.expire(name)
  for (const provider of wiring.providers.keys()) expireForeignCookies(wiring, exchange, provider)
  await sessions.end(cookies, record)
  if (record === null) return
  wiring.emit({ at: wiring.clock(), type: 'session.ended', ...primaryPerson(record) }, native)
}

function primaryPerson(record: SessionRecord): object {
  const identity = record.identities[record.primary]
  return identity === undefined ? {} : { provider: record.primary, person: personOf(identity) }
}

/** A form post is followed by the browser itself; a fetch cannot leave the page, so it is told where to go. */
function isNavigation({ headers }: Request): boolean {
  const mode = headers.get('sec-fetch-mode')
  return mode === null ? (headers.get('accept') ?? '').includes('text/html') : mode === 'navigate'
}
