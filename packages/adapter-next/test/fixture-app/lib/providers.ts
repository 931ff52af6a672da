import type { InstalledProvider } from '@latchkey/core'
import { acme } from './acme'

export function providers(): readonly InstalledProvider[] {
  return [acme(process.env.VENDOR_URL ?? '')]
}
