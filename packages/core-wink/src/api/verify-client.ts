import { winkError } from '../model/errors.ts'
import type { WinkSettings } from '../model/options.ts'
import type { ProfileAnswer } from './answers.ts'
import { type ApiAnswer, postToApi } from './wink-api.ts'

/**
 * `POST {apiUrl}/api/ConfidentialClient/verify-client`: the clear-text profile behind an access token that was verified
 * here before. Everything but the exact shape is a refusal.
 */
export async function verifyClient(settings: WinkSettings, accessToken: string): Promise<ProfileAnswer> {
  const answer = await postToApi(settings, settings.endpoints.verifyClient, {
    endpoint: 'verify_client',
    body: { ClientId: settings.clientId, AccessToken: accessToken, ClientSecret: settings.clientSecret },
  })
  if (answer.kind !== 'success') throw verificationError(answer)
  const { profileAnswer } = await import('./answers.ts')
  const profile = profileAnswer.safeParse(answer.body)
  if (!profile.success) throw winkError('wink/verification_failed')
  return profile.data
}

function verificationError(answer: Exclude<ApiAnswer, { kind: 'success' }>): Error {
  if (answer.kind === 'unavailable') return winkError('wink/verification_unavailable', { cause: answer.cause })
  if (answer.kind === 'unusable') return winkError('wink/verification_failed', { cause: answer.cause })
  const refusesToken = [400, 401, 403].includes(answer.status) && !answer.page
  return winkError(refusesToken ? 'wink/token_refused' : 'wink/verification_failed', {
    cause: { status: answer.status },
  })
}
