import type { Emulator } from '@latchkey/emulator'

/** What the emulator's systems want to be told, as options of each provider: plain data. */
export function providerSettings(emulator: Emulator): Readonly<Record<'wink' | 'wise' | 'wristband', object>> {
  const { wristband, wink, wise } = emulator
  const { name: tenant, id: tenantId } = wristband.tenants.acme
  const { clientId, clientSecret, applicationDomain } = wristband
  const environment = { apiUrl: wink.apiUrl, authUrl: wink.authUrl }
  return {
    wristband: { clientId, clientSecret, applicationDomain, tenancy: { kind: 'single', tenant, tenantId } },
    wink: { clientId: wink.clientId, clientSecret: wink.clientSecret, environment },
    wise: { whiteLabelUrl: wise.whiteLabelUrl, jwtTokenSecret: wise.jwtTokenSecret },
  }
}
