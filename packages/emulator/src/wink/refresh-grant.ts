import type { CodeGrant, WinkState } from './state.ts'

/** What a refresh token stands for. It is used up by that: every refresh gives a new one. */
export async function takeRefreshGrant(state: WinkState, refreshToken: string | null): Promise<CodeGrant | undefined> {
  const claims = await state.refreshTokenFormat.open(refreshToken ?? '')
  const jti = String(claims?.jti)
  const grant = state.refreshGrants.get(jti)
  state.refreshGrants.delete(jti)
  return grant
}
