import type { JsonObject, ProviderRoute, RouteContext } from '@latchkey/core/provider'
import { wristbandError } from '../model/errors.ts'
import type { WristbandIdentity } from '../model/identity.ts'
import type { MountedApplication } from './mount.ts'
import { isOwnFetch } from './own-fetch.ts'
import { usableToken } from './token.ts'

/** What the SDKs read by default, and send back as a header. */
const proofCookie = 'CSRF-TOKEN'
const proofHeader = 'x-csrf-token'

/**
 * What the vendor's SDKs for React and Vue ask, in their shapes, for pages of our own origin; the token only with
 * `exposesToken`. No answer has a CORS header.
 */
export function frontEndSdkRoutes(
  mounted: MountedApplication,
  { exposesToken }: { readonly exposesToken: boolean },
): readonly ProviderRoute<'wristband'>[] {
  return [sessionRoute(), ...(exposesToken ? [tokenRoute(mounted)] : []), signOutRoute()]
}

/** Says who is signed in, and puts the proof that the token route wants where a script of ours finds it. */
function sessionRoute(): ProviderRoute<'wristband'> {
  return {
    method: 'GET',
    path: '/sdk/session',
    accepts: 'same-origin',
    async handle(request, context) {
      checkOwnFetch(request, context)
      const { subject, tenant, profile } = identityOf(context)
      const { name, email } = profile
      const metadata = withoutAbsent({ name, email, ...context.sessionResponse() })
      return Response.json(
        { userId: subject, tenantId: tenant?.id, metadata },
        { headers: { 'set-cookie': cookieLine((await context.sessionProof()) ?? '') } },
      )
    },
  }
}

/** Gives the access token to a script that shows the proof of this session. */
function tokenRoute({ application }: MountedApplication): ProviderRoute<'wristband'> {
  return {
    method: 'GET',
    path: '/sdk/token',
    accepts: 'same-origin',
    attempt: 'token',
    async handle(request, context) {
      checkOwnFetch(request, context)
      identityOf(context)
      // A cookie would prove nothing: a sibling host can plant one.
      if (!(await context.isSessionProof(request.headers.get(proofHeader)))) {
        throw wristbandError('wristband/sdk_request_refused')
      }
      const { accessToken, expiresAt } = usableToken(application, await context.tokens())
      return { kind: 'json', body: { accessToken, expiresAt: expiresAt * 1000 } }
    },
  }
}

/** The SDKs sign out by opening this address. The session knows its tenant: what they name is left out. */
function signOutRoute(): ProviderRoute<'wristband'> {
  return {
    method: 'GET',
    path: '/sdk/logout',
    accepts: 'any',
    async handle(request) {
      return { kind: 'sign-out', returnUrl: new URL(request.url).searchParams.get('return_url') }
    },
  }
}

function checkOwnFetch(request: Request, { origin }: RouteContext): void {
  if (!isOwnFetch(request, origin)) throw wristbandError('wristband/sdk_request_refused')
}

function identityOf({ session }: RouteContext): WristbandIdentity {
  const identity = session?.identities.wristband
  if (identity === undefined) throw wristbandError('wristband/session_required')
  return identity
}

/** Without `HttpOnly`, which is its purpose, and for as long as the browser is open: the proof ends with its session. */
function cookieLine(proof: string): string {
  return `${proofCookie}=${proof}; Path=/; Secure; SameSite=Strict`
}

function withoutAbsent(members: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
