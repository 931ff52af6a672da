import type { ProviderRoute } from '@latchkey/core/provider'
import { winkError } from '../errors.ts'

/** `GET /cancel`: where Wink sends a person who gave up. Forgets the logins that this browser has begun. */
export const cancelRoute: ProviderRoute<'wink'> = {
  method: 'GET',
  path: '/cancel',
  from: 'vendor',
  async handle(_request, context) {
    await context.transactions('login').clear()
    throw winkError('wink/cancelled')
  },
}
