import type { HealthyStore } from '@latchkey/core'
import { storeOn } from '../src/redis-store.ts'

/** A store that waits for as long as a busy machine takes: what is asked of it is asked once. */
export function patientStore(client: object): HealthyStore {
  return storeOn(client, 'latchkey:', { call: 20_000, unanswered: 20_000 })
}
