import type { AuthContext } from '../context/auth-context.ts'
import { signOutInTime } from '../context/vendor-sign-out.ts'
import { faultOf, isAuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import type { ErrorCode } from '../model/event.ts'
import type { FrameworkRequest } from '../model/framework-request.ts'
import { memberAt } from '../model/identity.ts'
import { isLoopback } from '../model/url.ts'
import type { SessionRecord } from '../session/record.ts'

/** Sessions whose vendors' sides are to end. */
interface VendorSignOutOptions {
  /** The sessions as they were kept, with the identities that have ended: their vendors' sides end, too. */
  readonly records: readonly SessionRecord[]
  /** Where vendors send the browser back to. */
  readonly returnTo: URL
  readonly frameworkRequest: FrameworkRequest
}

/**
 * Asks the providers of sessions to end their side of them, all at once and under 3 seconds, and tells which URLs the
 * browser must visit for it, each once. What has been revoked here is ended there, too. A provider that fails is reported
 * and left out: our own session has ended before. So is one whose URL is no web page of https, or of http on this machine:
 * a page that goes there would run `javascript:` as its own.
 */
export async function vendorSignOuts(
  context: AuthContext,
  { records, returnTo, frameworkRequest }: VendorSignOutOptions,
): Promise<readonly string[]> {
  const urls = await Promise.all(
    records.flatMap(({ identities, tokens }) =>
      Object.entries(identities).map(async ([name, identity]) => {
        const provider = context.providers.get(name)
        // Tokens of an issuer that is not the provider's any more are none of its business.
        if (provider?.signOut === undefined || !provider.accountIssuers.includes(identity.issuer)) return undefined
        const report = (details: { readonly code?: ErrorCode; readonly reason?: string }): void =>
          context.emit(
            { at: context.clock(), type: 'provider.sign_out_failed', provider: name, ...details },
            frameworkRequest,
          )
        try {
          const own = memberAt(tokens, name) ?? null
          const { url, failure, reason } =
            (await signOutInTime(async () => provider.signOut?.(own, identity, { returnTo }))) ?? {}
          if (failure !== undefined) report({ code: failure, ...(reason === undefined ? {} : { reason }) })
          return url === undefined ? undefined : pageAt(url)
        } catch (error) {
          report(isAuthError(error) ? faultOf(error) : {})
          return undefined
        }
      }),
    ),
  )
  return [...new Set(urls.flatMap((url) => url ?? []))]
}

/** @throws `core/insecure_url` for a URL that no browser may be sent to */
function pageAt(url: URL): string {
  const { protocol, hostname, username, password, href } = new URL(url)
  const isSecure = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
  if (!isSecure || username !== '' || password !== '') throw coreError('core/insecure_url')
  return href
}
