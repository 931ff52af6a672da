import type { Credentials } from '@latchkey/core/provider'
import type { Application } from './application.ts'

/** Nobody waits long for a sign-out. */
const deadlineSeconds = 2

/** Revokes the refresh token, if there is one. See {@link Wristband.revoke}. */
export async function revoke({ oidc }: Application, { refreshToken }: Credentials): Promise<void> {
  if (refreshToken === undefined) return
  await oidc.revoke(refreshToken, { hint: 'refresh_token', deadlineSeconds })
}
