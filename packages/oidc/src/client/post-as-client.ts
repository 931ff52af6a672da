import type { VendorAnswer } from '@latchkey/core/http'
import type { VendorCallOptions } from './client-options.ts'
import { startTrial } from './client-proofs.ts'
import type { OidcClient } from './oidc-client.ts'

/** What is posted, and to which endpoint. */
export interface PostAsClient extends VendorCallOptions {
  readonly parameters: Readonly<Record<string, string>>
  /** The name of the endpoint for events, such as `revocation`. */
  readonly name: string
}

/**
 * Posts a form to an endpoint of the provider, as the client. What the answer says is for the caller to judge.
 *
 * @throws `oidc/client_refused` for 30 seconds after the provider refused every proof, and the `core/…` codes of
 *   `VendorHttp.fetch`
 */
export async function postAsClient(
  client: OidcClient,
  endpoint: string,
  { parameters, name, deadlineSeconds }: PostAsClient,
): Promise<VendorAnswer> {
  const { metadata, clientId, httpWithin } = client
  const send = httpWithin(deadlineSeconds).sendAs(name)
  const trial = await startTrial(client)
  try {
    let answer: VendorAnswer
    do {
      const body = new URLSearchParams(parameters)
      const headers = new Headers({
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
      })
      await trial.proof({ issuer: metadata.issuers[0] }, { client_id: clientId }, body, headers)
      answer = await send(endpoint, { method: 'POST', headers, body: body.toString() })
    } while (trial.triesAnother(answer))
    return answer
  } finally {
    trial.end()
  }
}
