import type { ProviderRoute, Tokens } from '@latchkey/core/provider'
import type { Application } from '../application/application.ts'
import { wristbandError } from '../model/errors.ts'
import type { MountedApplication } from './mount.ts'
import { isOwnFetch } from './own-fetch.ts'

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
      if (request.headers.get(proofHeader) !== '1' || !isOwnFetch(request, context.origin)) {
        throw wristbandError('wristband/token_request_refused')
      }
      return { kind: 'json', body: usableToken(application, await context.tokens()) }
    },
  }
}

/**
 * The access token of a session, and when it ends, in seconds.
 *
 * @throws `wristband/session_required`, `wristband/token_unavailable`
 */
export function usableToken(
  { clock }: Pick<Application, 'clock'>,
  tokens: Tokens | null,
): { readonly accessToken: string; readonly expiresAt: number } {
  if (tokens === null) throw wristbandError('wristband/session_required')
  const { accessToken, expiresAt } = tokens
  if (accessToken === undefined || expiresAt === undefined || expiresAt <= clock()) {
    throw wristbandError('wristband/token_unavailable')
  }
  return { accessToken, expiresAt }
}
