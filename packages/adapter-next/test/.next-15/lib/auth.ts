import { latchkey } from '@latchkey/adapter-next'
import type { Identity } from '@latchkey/core'

declare module '@latchkey/core' {
  interface Identities {
    acme: Identity<'acme'>
  }
}

/** Only built, never asked. */
export const { handlers, proxy, requireSession, getAccessToken, updateSession, route } = latchkey(() => {
  throw new Error('built without secrets')
})
