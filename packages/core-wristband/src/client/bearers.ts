import { andThen, type BearerToken } from '@latchkey/core/provider'
import type { TokenVerifier } from '@latchkey/oidc/verify'
import type { Application } from '../application/application.ts'
import { loadProtocol } from './load-protocol.ts'

/** What verifies the access tokens of callers, made with the first of them. See {@link WristbandClient.verifyAccessToken}. */
export function bearersOf(application: Application): TokenVerifier<BearerToken> {
  let made: TokenVerifier<BearerToken> | undefined
  let making: Promise<TokenVerifier<BearerToken>> | undefined
  const make = async (): Promise<TokenVerifier<BearerToken>> => {
    const { createBearerVerifier } = await loadProtocol()
    made = await createBearerVerifier(application)
    return made
  }
  const verifier = (): Promise<TokenVerifier<BearerToken>> => (making ??= make())
  return {
    // What has verified nothing has nothing to recall.
    recall: (digest) => made?.recall(digest) ?? null,
    verify: async (token) => (await verifier()).verify(token),
    verifyAnew: (token, read) => andThen(made ?? verifier(), (one) => one.verifyAnew(token, read)),
  }
}
