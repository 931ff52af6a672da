import { parseStrictJson } from '@latchkey/core/crypto'
import type { VendorHttp } from '@latchkey/core/http'
import type * as oauth4webapi from 'oauth4webapi'
import type { Client, ClientAuth, TokenEndpointRequestOptions } from 'oauth4webapi'
import { type ClientAuthentication, toClientAuths } from './client-authentication.ts'

/** The module itself, which is loaded when it is first needed. */
type OAuth = typeof oauth4webapi

/** What oauth4webapi is told for one request. */
export interface RequestParts {
  readonly oauth: OAuth
  readonly client: Client
  readonly authentication: ClientAuth
  readonly options: TokenEndpointRequestOptions
}

/** Sends requests that prove the client. */
export interface ClientRequests {
  /**
   * Sends what oauth4webapi makes of `build`: with the secret that worked last, and if that is refused with the others,
   * newest first.
   *
   * @throws `core/…` of the transport
   */
  send(http: VendorHttp, build: (parts: RequestParts) => Promise<Response>): Promise<Response>
}

/** Makes what sends the requests of one client. It remembers which of several secrets works. */
export function createClientRequests(clientId: string, authentication: ClientAuthentication): ClientRequests {
  const all = toClientAuths(authentication)
  let working = all[0] as ClientAuth
  return {
    async send(http, build) {
      const oauth = await import('oauth4webapi')
      // oxlint-disable-next-line typescript/no-deprecated -- endpoints were checked before: http is on loopback only
      const options = { [oauth.customFetch]: http.fetch, [oauth.allowInsecureRequests]: true }
      const sendWith = (one: ClientAuth): Promise<Response> =>
        build({ oauth, client: { client_id: clientId }, authentication: one, options })
      let response = await sendWith(working)
      for (const other of all.filter((one) => one !== working)) {
        if (!(await isClientRefused(response))) break
        response = await sendWith(other)
        if (response.ok) working = other
      }
      return response
    },
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
async function isClientRefused(response: Response): Promise<boolean> {
  if (response.status !== 400 && response.status !== 401) return false
  return parseStrictJson(new Uint8Array(await response.clone().arrayBuffer()))?.['error'] === 'invalid_client'
}
