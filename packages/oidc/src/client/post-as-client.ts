import type { VendorCallOptions } from './client-options.ts'
import type { OidcClient } from './oidc-client.ts'
import { sendAsClient } from './send-as-client.ts'

/**
 * Posts a form to an endpoint of the provider, as the client. The body of the answer is not read.
 *
 * @throws `oidc/client_refused` for 30 seconds after the provider refused every proof, and the `core/…` codes of
 *   `VendorHttp.fetch`
 */
export async function postAsClient(
  client: OidcClient,
  endpoint: string,
  { parameters, deadlineSeconds }: VendorCallOptions & { readonly parameters: Readonly<Record<string, string>> },
): Promise<Response> {
  const { metadata, clientId, httpWithin } = client
  const http = httpWithin(deadlineSeconds)
  return sendAsClient(client, async (prove) => {
    const body = new URLSearchParams(parameters)
    const headers = new Headers({
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    })
    await prove({ issuer: metadata.issuers[0] }, { client_id: clientId }, body, headers)
    return http.fetch(endpoint, { method: 'POST', headers, body: body.toString() })
  })
}
