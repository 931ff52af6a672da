import { clients } from '../seed.ts'
import { equalSecrets, isClient, readBasic } from '../server/oauth.ts'

/** Whether a call is the client's: a secret is optional, as browsers have none, but a wrong one is refused. */
export function isOurClient(request: Request, form: URLSearchParams): boolean {
  const { clientId, clientSecret } = clients.wink
  if (request.headers.has('authorization')) return isClient(readBasic(request), clients.wink)
  const secret = form.get('client_secret')
  return form.get('client_id') === clientId && (secret === null || equalSecrets(secret, clientSecret))
}
