import type { AuthEvent, EventListener } from '@latchkey/core'

/** A listener that keeps what happened, without the measurement of each request and each call of a vendor. */
export function happeningsIn(events: AuthEvent[]): EventListener {
  return (event) => {
    if (event.type !== 'route.answered' && event.type !== 'vendor.request') events.push(event)
  }
}
