import type { Wiring } from '../context/auth-context.ts'
import type { Exchange } from '../context/request-session.ts'
import type { CookieExchange } from '../cookies/response-cookies.ts'
import type { ErrorCode } from '../model/event.ts'
import { personOf } from '../model/identity.ts'
import type { Seconds } from '../model/time.ts'
import { readFields } from '../request/body.ts'
import { isNavigation } from '../request/navigation.ts'
import { seeOther } from '../request/response.ts'
import { returnTarget } from '../request/return-to.ts'
import type { SessionRecord } from '../session/record.ts'
import type { Vault } from '../vault/vault.ts'
import { expireForeignCookies } from './provider-routes.ts'
import type { MountedRoute } from './route-table.ts'

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

const lifetimeSeconds = 120

/** Where a browser still has to go to sign out of the vendors, and where it ends. */
export interface SignOutChain {
  readonly urls: readonly string[]
  readonly returnTo: string
}

/** The sealed cookie in which a browser carries its sign-out from vendor to vendor. */
export interface SignOutChains {
  read(cookies: CookieExchange): Promise<SignOutChain | null>
  write(cookies: CookieExchange, chain: SignOutChain): Promise<void>
  forget(cookies: CookieExchange): void
}

/** Keeps sign-outs that are under way, for 2 minutes each. */
function createSignOutChains(vault: Vault, cookieName: string, clock: () => Seconds): SignOutChains {
  const name = `${cookieName}-logout`
  const scope = { purpose: 'logout', name }
  return {
    async read(cookies) {
      const sealed = cookies.sent.only(name)
      const opened = sealed === null ? null : await vault.open(scope, sealed)
      if (opened === null) return null
      const chain = JSON.parse(opened.text) as SignOutChain & { readonly expiresAt: Seconds }
      return chain.expiresAt > clock() ? chain : null
    },
    async write(cookies, { urls, returnTo }) {
      const text = JSON.stringify({ urls, returnTo, expiresAt: clock() + lifetimeSeconds })
      cookies.response.set(name, await vault.seal(scope, text), { lifetime: lifetimeSeconds })
    },
    forget(cookies) {
      if (cookies.sent.only(name) !== null) cookies.response.expire(name)
    },
  }
}

const patienceMilliseconds = 3000

/**
 * Asks the providers of a session to end their side of it, all at once and under 3 seconds, and tells which URLs the
 * browser must visit for it. A provider that fails is reported and left out: our own session has ended before.
 */
async function vendorSignOuts(wiring: Wiring, exchange: Exchange, returnTo: URL): Promise<readonly URL[]> {
  const { record } = exchange
  if (record === null) return []
  const results = await Promise.all(
    Object.entries(record.identities).map(async ([name, identity]) => {
      const provider = wiring.providers.get(name)
      if (provider?.signOut === undefined) return undefined
      const credentials = record.credentials[name] ?? null
      const report = (details: { readonly code?: ErrorCode }): void =>
        wiring.emit(
          { at: wiring.clock(), type: 'provider.sign_out_failed', provider: name, ...details },
          exchange.native,
        )
      try {
        const { url, failure } = (await within(provider.signOut(credentials, identity, { returnTo }))) ?? {}
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

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('deadline')), patienceMilliseconds)
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}
