import type { AuthEvent } from '@latchkey/core'
import type { Histogram, Meter } from '@opentelemetry/api'
import type { EventAttributes } from './attributes.ts'
import type { StoreCall } from './measured-store.ts'

/** Records metrics. */
export interface Recorder {
  event(event: AuthEvent): void
  storeCall(call: StoreCall): void
}

/** In seconds: from a store in the same rack to a vendor at its deadline. */
const explicitBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Makes the instruments, and records with them. */
export function createRecorder(meter: Meter, attributes: EventAttributes): Recorder {
  const counter = (name: string, description: string) => meter.createCounter(name, { description })
  const seconds = (name: string, description: string): Histogram =>
    meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries } })
  const signIns = counter('latchkey.sign_ins', 'Sign-ins, by provider and outcome')
  const refusals = counter('latchkey.refusals', 'What routes and guards refused, by code')
  const refreshes = counter('latchkey.refreshes', 'Refreshes of tokens, by provider and outcome')
  const ends = counter('latchkey.sessions.ended', 'Sessions that ended, by reason')
  const storeFailures = counter('latchkey.store.failures', 'Seconds in which a call to the store failed, by reason')
  const others = counter('latchkey.events', 'All other events, by type')
  const routes = seconds('latchkey.route.duration', 'Requests to the auth routes')
  const vendors = seconds('latchkey.vendor.duration', 'Requests to vendors')
  const store = seconds('latchkey.store.duration', 'Calls to the store')

  return {
    event(event) {
      const shared = attributes.of(event)
      switch (event.type) {
        case 'sign_in.succeeded':
        case 'sign_in.refused':
        case 'sign_in.restarted':
          signIns.add(1, { ...shared, 'latchkey.outcome': event.type.slice('sign_in.'.length) })
          if (event.type === 'sign_in.refused') refusals.add(1, shared)
          break
        case 'request.refused':
        case 'step_up.required':
          refusals.add(1, shared)
          break
        case 'session.refreshed':
          refreshes.add(1, { ...shared, 'latchkey.outcome': 'refreshed' })
          break
        case 'provider.refresh_failed':
          refreshes.add(1, { ...shared, 'latchkey.outcome': 'failed' })
          break
        case 'session.ended':
          ends.add(1, shared)
          break
        case 'store.failed':
          storeFailures.add(1, { ...shared, 'latchkey.operation': event.operation })
          break
        case 'route.answered':
          routes.record(event.durationMilliseconds / 1000, { ...shared, 'latchkey.route': event.route })
          break
        case 'vendor.request':
          vendors.record(event.durationMilliseconds / 1000, shared)
          break
        default:
          others.add(1, { ...shared, 'latchkey.event': attributes.word('event', event.type) })
      }
    },
    storeCall({ operation, reason, seconds: duration }) {
      const why = attributes.word('reason', reason)
      store.record(duration, {
        'latchkey.operation': operation,
        'latchkey.outcome': why === undefined ? 'succeeded' : 'failed',
        ...(why === undefined ? {} : { 'latchkey.reason': why }),
      })
    },
  }
}
