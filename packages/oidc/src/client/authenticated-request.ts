import type { VendorHttp } from '@latchkey/core/http'
import type { AuthorizationServer, Client, ClientAuth } from 'oauth4webapi'
import { jsonObjectOf } from './token-response.ts'

type OAuth = typeof import('oauth4webapi')

/** Endpoints that the client proves itself to. */
export interface ClientEndpoints {
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly revocationEndpoint?: string | undefined
}

/** What oauth4webapi wants to know for one request. */
export interface RequestParts {
  readonly oauth: OAuth
  readonly server: AuthorizationServer
  readonly client: Client
  readonly authentication: ClientAuth
  readonly options: { [Symbol: symbol]: never } & object
}

/** Sends requests as the client. */
export interface ClientRequests {
  /**
   * Sends what oauth4webapi builds, with the secret that worked last; refused with `invalid_client`, with the others,
   * newest first.
   *
   * @throws `core/…` of the transport
   */
  send(http: VendorHttp, endpoints: ClientEndpoints, build: (parts: RequestParts) => Promise<Response>): Promise<Response>
}
