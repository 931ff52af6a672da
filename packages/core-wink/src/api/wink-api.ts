import { faultOf, isAuthError } from '@latchkey/core/provider'
import { failureCause } from '@latchkey/oidc'
import type { WinkSettings } from '../model/options.ts'

/** How a call of Wink's API host ended, told apart by who has to act. */
export type ApiAnswer =
  | { readonly kind: 'success'; readonly body: unknown }
  /** Wink said no. */
  | { readonly kind: 'refused'; readonly status: number; readonly bare: boolean; readonly page: boolean }
  /** Wink is slow, down or out of reach. */
  | { readonly kind: 'unavailable'; readonly cause: ApiFault }
  /** A redirect, a page, half a JSON or too much of it. */
  | { readonly kind: 'unusable'; readonly cause: ApiFault }

/** What may be logged of a failed call: the status, and how long Wink asks us to wait; or what failed, and why. */
export type ApiFault = Readonly<Record<string, number>> | ReturnType<typeof faultOf>

/** What is posted, and the name of the endpoint for events. */
export interface ApiRequest {
  readonly endpoint: 'session' | 'verify_client'
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, string>>
}

/** Posts JSON to Wink's API host. Its bodies of errors are undocumented and never read. */
export async function postToApi({ http }: WinkSettings, url: string, request: ApiRequest): Promise<ApiAnswer> {
  try {
    const { status, headers, body } = await http.json(url, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...request.headers },
      body: JSON.stringify(request.body),
      endpoint: request.endpoint,
    })
    if (status >= 200 && status < 300) return { kind: 'success', body }
    if (status >= 500 || status === 429) return { kind: 'unavailable', cause: failureCause({ status, headers }) }
    const type = headers.get('content-type')
    return { kind: 'refused', status, bare: body === null && type === null, page: /\bhtml\b/i.test(type ?? '') }
  } catch (error) {
    if (!isAuthError(error)) throw error
    const kind = outages.has(error.code) ? 'unavailable' : 'unusable'
    return { kind, cause: faultOf(error) }
  }
}

const outages: ReadonlySet<string> = new Set(['core/vendor_timeout', 'core/vendor_unreachable'])
