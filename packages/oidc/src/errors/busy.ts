import { retryAfterSeconds } from '@latchkey/core/http'
import { oidcError } from './oidc-errors.ts'

const longestWaitSeconds = 86_400

/** How long an answer asks us to wait, in whole seconds and up to a day; undefined where it does not say. */
function askedPause(headers: Headers): number | undefined {
  const wait = Math.min(Math.ceil(retryAfterSeconds(headers)), longestWaitSeconds)
  return wait > 0 ? wait : undefined
}

/**
 * What is known of an answer that failed, for an error's cause: its status, and how long it asks us to wait, which core
 * passes on as `Retry-After`.
 */
export function failureCause({
  status,
  headers,
}: Pick<Response, 'status' | 'headers'>): Readonly<Record<string, number>> {
  const wait = askedPause(headers)
  return wait === undefined ? { status } : { status, retryAfterSeconds: wait }
}

/**
 * Whether an answer says that we ask too often, or names the time of its return.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6585#section-4
 */
export function isBusy({ status, headers }: Pick<Response, 'status' | 'headers'>): boolean {
  return status === 429 || (status === 503 && askedPause(headers) !== undefined)
}

/** @throws `oidc/provider_busy` for an answer that {@link isBusy} */
export function requireNotBusy(response: Pick<Response, 'status' | 'headers'>): void {
  if (isBusy(response)) throw oidcError('oidc/provider_busy', { cause: failureCause(response) })
}
