import type { Cookies } from '../cookies/response-cookies.ts'
import type { Seconds } from '../model/time.ts'
import type { Vault } from '../vault/vault.ts'

const lifetimeSeconds = 120

/** Where a browser still has to go to sign out of the vendors, and where it ends. */
export interface SignOutChain {
  readonly urls: readonly string[]
  readonly returnTo: string
}

/** The sealed cookie in which a browser carries its sign-out from vendor to vendor. */
export interface SignOutChains {
  read(cookies: Cookies): Promise<SignOutChain | null>
  write(cookies: Cookies, chain: SignOutChain): Promise<void>
  forget(cookies: Cookies): void
}

/** Keeps sign-outs that are under way, for 2 minutes each. */
export function createSignOutChains(vault: Vault, cookieName: string, clock: () => Seconds): SignOutChains {
  const name = `${cookieName}.logout`
  const scope = { purpose: 'logout', name }
  return {
    async read(cookies) {
      const sealed = cookies.sent.only(name)
      const opened = sealed === null ? null : await vault.open(scope, sealed)
      if (opened === null) return null
      const chain = JSON.parse(opened) as SignOutChain & { readonly expiresAt: Seconds }
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
