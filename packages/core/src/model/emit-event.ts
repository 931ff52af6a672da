import { isPending } from './awaitable.ts'
import type { AuthEvent, EventListener } from './event.ts'
import type { FrameworkRequest } from './framework-request.ts'

/** Whether a listener takes events now. */
export function isListening(listener: EventListener): boolean {
  try {
    return listener.isListening === undefined || listener.isListening()
  } catch {
    return true
  }
}

/** Reports an event to the app's listeners; whatever a listener does, the request goes on. */
export function emitEvent(
  listeners: Iterable<EventListener>,
  event: AuthEvent,
  frameworkRequest: FrameworkRequest,
): void {
  for (const listener of listeners) {
    try {
      const result: unknown = listener(event, { frameworkRequest })
      if (isPending(result)) result.then(undefined, () => {})
    } catch {
      // A listener's failure is the listener's.
    }
  }
}
