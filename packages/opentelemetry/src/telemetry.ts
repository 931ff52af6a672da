import type { EventListener, Store } from '@latchkey/core'
import { checkOptions, option, rule } from '@latchkey/core/adapter'
import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api'
import { createAttributes } from './attributes.ts'
import { measureStore } from './measured-store.ts'
import { createRecorder, type Recorder } from './metrics.ts'
import { createTracing } from './spans.ts'
import { createUserHash } from './user-hash.ts'

/** Options of {@link openTelemetry}. */
export interface TelemetryOptions {
  /** Where metrics go. Default: the global provider, at the first event. */
  readonly meterProvider?: MeterProvider | undefined
  /** Where spans go. Default: the global provider. */
  readonly tracerProvider?: TracerProvider | undefined
  /**
   * Codes of the app's own, such as those that `onSignIn` denies with: at most 20. Every other code that is not ours is
   * `app/other`, for a metric has room for few values.
   */
  readonly appCodes?: readonly string[] | undefined
  /**
   * A secret of at least 32 bytes. With it spans of routes say who signed in, as `latchkey.user_hash`: an HMAC-SHA-256 of the
   * user's key. It is never on a metric. Default: no span says so.
   */
  readonly userHashKey?: string | undefined
}

/** What an app installs. */
export interface LatchkeyTelemetry {
  /** For `onEvent` of `createAuth`: makes metrics of events, and spans around routes and calls of vendors. */
  readonly onEvent: EventListener
  /** The same store, with each call measured: for `store` of `createAuth`. */
  measureStore<Given extends Store>(store: Given): Given
}

const scope = '@latchkey/opentelemetry'

/**
 * Makes what turns the events of an auth into metrics and spans. No attribute holds a user, a tenant, the id of a session, a
 * host or a URL.
 *
 * @throws `core/invalid_option`
 */
export function openTelemetry(options: TelemetryOptions = {}): LatchkeyTelemetry {
  const { meterProvider, tracerProvider, appCodes, userHashKey } = checkOptions('openTelemetry', options, {
    meterProvider: option.object,
    tracerProvider: option.object,
    appCodes: rule(
      `must be a list of at most ${maxAppCodes} codes such as app/blocked`,
      (value) => Array.isArray(value) && value.length <= maxAppCodes && value.every(isCode),
    ),
    userHashKey: rule(
      'must be a secret of at least 32 bytes',
      (value) => typeof value === 'string' && new TextEncoder().encode(value).length >= 32,
    ),
  })
  const attributes = createAttributes(appCodes)
  // The global meter provider has no proxy: instruments that are made before the SDK starts stay silent.
  let recorder: Recorder | undefined
  const recorded = (): Recorder =>
    (recorder ??= createRecorder((meterProvider ?? metrics.getMeterProvider()).getMeter(scope), attributes))
  const tracer = (tracerProvider ?? trace.getTracerProvider()).getTracer(scope)
  const tracing = createTracing({ tracer, attributes, hashUser: createUserHash(userHashKey) })
  const onEvent: EventListener = Object.assign(
    (...[event]: Parameters<EventListener>) => {
      recorded().event(event)
      tracing.event(event)
    },
    { around: tracing.around },
  )
  return { onEvent, measureStore: (store) => measureStore(store, (call) => recorded().storeCall(call)) }
}

const maxAppCodes = 20

function isCode(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z][a-z0-9_]{0,30}\/[a-z0-9_]{1,60}$/.test(value)
}
