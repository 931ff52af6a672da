import type { AuthProvider } from '@latchkey/core'
import { acme } from './acme'

export function providers(): readonly AuthProvider[] {
  return [acme(process.env.VENDOR_URL ?? '')]
}
