import type { DemoEnvironment } from '../environment.ts'
import type { SystemName } from './step.ts'

/** Returns the system that an address belongs to, by the demo's configuration; null for any other address. */
export function systemAt({ wristband, wink, wise, oidc }: DemoEnvironment, { origin, host }: URL): SystemName | null {
  const domain = wristband.applicationDomain
  if (host === domain || host.endsWith(`.${domain}`) || host.endsWith(`-${domain}`)) return 'wristband'
  if ([wink.apiUrl, wink.authUrl].some((url) => new URL(url).origin === origin)) return 'wink'
  if (oidc !== null && new URL(oidc.issuer).origin === origin) return 'oidc'
  return new URL(wise.whiteLabelUrl).origin === origin ? 'wise' : null
}
