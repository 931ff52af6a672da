import type { VendorHttp } from '@latchkey/core/http'
import { failureCause } from '@latchkey/oidc'
import { wristbandError } from '../model/errors.ts'
import { parseSdkConfiguration, type SdkConfiguration } from './sdk-configuration-schema.ts'

/**
 * Asks Wristband how an application is set up.
 *
 * @throws `wristband/configuration_unavailable`, `wristband/configuration_invalid`, and `core/…` of the transport
 */
export async function fetchConfiguration(
  http: VendorHttp,
  origin: string,
  clientId: string,
): Promise<SdkConfiguration> {
  const endpoint = `${origin}/api/v1/clients/${encodeURIComponent(clientId)}/sdk-configuration`
  const { status, headers, body } = await http.json(endpoint, { retry: true, endpoint: 'sdk_configuration' })
  if (status !== 200) {
    throw wristbandError('wristband/configuration_unavailable', { cause: failureCause({ status, headers }) })
  }
  return parseSdkConfiguration(body)
}
