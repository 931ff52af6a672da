import type { VendorObserver, VendorReport } from '../http/vendor-reports.ts'
import { runInside } from '../model/around.ts'
import { type AuthEvent, type EventListener, emitEvent, isListening } from '../model/event.ts'
import type { FrameworkRequest } from '../model/framework-request.ts'
import type { AuthContext } from './auth-context.ts'

/** Makes what an auth reports its events with. */
export function createEvents(
  onEvent: EventListener | readonly EventListener[] = [],
): Pick<AuthContext, 'listeners' | 'isHeard' | 'emit' | 'around'> {
  const given = [onEvent].flat() as readonly EventListener[]
  const listeners = new Map(given.map((listener, index) => [`onEvent ${index}`, listener]))
  return {
    listeners,
    isHeard() {
      for (const listener of listeners.values()) if (isListening(listener)) return true
      return false
    },
    emit: (event: AuthEvent, frameworkRequest: FrameworkRequest) =>
      emitEvent(listeners.values(), event, frameworkRequest),
    around(type, work) {
      const arounds = [...listeners.values()].filter((listener) => listener.around !== undefined)
      return runInside(
        arounds.map((listener) => async (run: () => Promise<AuthEvent>) => listener.around?.(type, run)),
        work,
      )
    },
  }
}

/** Reports the requests of a provider's client as events. */
export function vendorObserver(
  { isHeard, emit, around, clock }: Pick<AuthContext, 'isHeard' | 'emit' | 'around' | 'clock'>,
  provider: string,
): VendorObserver {
  const eventOf = (report: VendorReport) => ({ at: clock(), type: 'vendor.request' as const, provider, ...report })
  return {
    isListening: isHeard,
    report: (report) => emit(eventOf(report), undefined),
    around: (work) => around('vendor.request', async () => eventOf(await work())),
  }
}
