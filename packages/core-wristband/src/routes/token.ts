import type { ProviderRoute, RouteContext } from '@latchkey/core/provider'
import { wristbandError } from '../model/errors.ts'
import type { MountedApplication } from './mount.ts'

/** The header by which a script proves that it may read an answer: no form can send it, and no other site unasked. */
const proofHeader = 'x-latchkey'

/** Gives a script of our own page the access token of its session, refreshed if that is due. */
export function tokenRoute({ application }: MountedApplication): ProviderRoute<'wristband'> {
  return {
    method: 'GET',
    path: '/token',
    accepts: 'same-origin',
    attempt: 'token',
    async handle(request, context) {
      if (!isOwnFetch(request, context)) throw wristbandError('wristband/token_request_refused')
      const tokens = await context.tokens()
      if (tokens === null) throw wristbandError('wristband/session_required')
      const { accessToken, expiresAt } = tokens
      if (accessToken === undefined || expiresAt === undefined || expiresAt <= application.clock()) {
        throw wristbandError('wristband/token_unavailable')
      }
      return { kind: 'json', body: { accessToken, expiresAt } }
    },
  }
}

function isOwnFetch({ headers }: Request, { origin }: RouteContext): boolean {
  const site = headers.get('sec-fetch-site')
  const from = headers.get('origin')
  return (
    headers.get(proofHeader) === '1' && (site === null || site === 'same-origin') && (from === null || from === origin)
  )
}
