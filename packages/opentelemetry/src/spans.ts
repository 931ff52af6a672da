import type { AuthEvent, EventListener, ProviderEvent, UserKey } from '@latchkey/core'
import { context, createContextKey, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import type { EventAttributes } from './attributes.ts'
import type { UserHash } from './user-hash.ts'

/** Makes spans around routes and calls of vendors. */
export interface Tracing {
  readonly around: NonNullable<EventListener['around']>
  /** Adds what an event says to the span of the route in which it came. */
  event(event: AuthEvent): void
}

interface Parts {
  readonly tracer: Tracer
  readonly attributes: EventAttributes
  readonly hashUser: UserHash | null
}

/** A route's span, and what is added to it later. */
interface RouteSpan {
  readonly span: Span
  readonly pending: Promise<void>[]
}

const routeKey = createContextKey('latchkey route')

/** Makes it of a tracer. */
export function createTracing({ tracer, attributes, hashUser }: Parts): Tracing {
  return {
    async around(type, work) {
      const isRoute = type === 'route.answered'
      const span = tracer.startSpan(`latchkey ${isRoute ? 'route' : 'vendor request'}`, {
        kind: isRoute ? SpanKind.INTERNAL : SpanKind.CLIENT,
      })
      const pending: Promise<void>[] = []
      const inSpan = trace.setSpan(context.active(), span)
      const event = await context.with(isRoute ? inSpan.setValue(routeKey, { span, pending }) : inSpan, work)
      const endedAt = Date.now()
      describe(span, event)
      await Promise.all(pending)
      span.end(endedAt)
    },
    event(event) {
      const route = context.active().getValue(routeKey) as RouteSpan | undefined
      if (route === undefined || !isOfRoute(event)) return
      const { 'latchkey.code': code, 'latchkey.reason': reason } = attributes.of(event)
      if (code !== undefined) route.span.setAttribute('latchkey.code', code)
      if (reason !== undefined) route.span.setAttribute('latchkey.reason', reason)
      const user = userOf(event)
      if (hashUser === null || user === undefined) return
      const hashed = hashUser(user).then((hash) => void route.span.setAttribute('latchkey.user_hash', hash))
      route.pending.push(hashed)
    },
  }

  function describe(span: Span, event: AuthEvent): void {
    span.setAttributes(attributes.of(event))
    if (event.type === 'route.answered') {
      span.updateName(`latchkey ${event.route}`)
      span.setAttribute('latchkey.route', event.route)
      if (event.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    } else if (event.type === 'vendor.request') {
      span.updateName(`latchkey vendor ${attributes.word('endpoint', event.endpoint)}`)
      if (event.status === undefined || event.status >= 400) span.setStatus({ code: SpanStatusCode.ERROR })
    }
  }
}

function userOf(event: AuthEvent): UserKey | undefined {
  return 'user' in event && !isOfProvider(event) ? event.user : undefined
}

function isOfProvider(event: AuthEvent): event is ProviderEvent {
  return event.type.startsWith('provider.')
}

/** How a route ended: not what a store or a vendor did meanwhile. */
function isOfRoute({ type }: AuthEvent): boolean {
  return /^(?:sign_in|session|request|sign_out)\./.test(type)
}
