import type { HealthyStore } from '@latchkey/core'
import { storeOn } from '../../../packages/store-redis/src/redis-store.ts'

/**
 * A store on Redis whose calls take what time they need: with hundreds of requests at once a slow machine needs more than
 * the store gives them. That has tests of its own.
 */
export function patientRedisStore(client: object): HealthyStore {
  return storeOn(client, 'latchkey:', { call: 20_000, unanswered: 20_000 })
}
