import { ReadableStream } from 'node:stream/web'
import { requireKnown } from './known-names.ts'
import { createPlan, type Plan } from './plan.ts'

/** How often a fault happens before the endpoint is itself again: once by default, `Infinity` for ever. */
export interface Times {
  /** 1 by default. */
  readonly times?: number
}

/** An answer given instead of the real one. */
export interface Failure extends Times {
  /** The status of the answer. */
  readonly status: number
  /** A function is called for each answer and may stream, drip or never end. */
  readonly body?: string | Uint8Array | (() => AsyncIterable<Uint8Array>)
  /** `text/plain` by default. */
  readonly contentType?: string
  /** Beside the content type. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Faults that every emulated system can be told to have. */
export interface Faults<Endpoint extends string> {
  /** Answers with this and does nothing. */
  fail(endpoint: Endpoint, failure: Failure): void
  /** Waits before it does its work; `forever` waits until the caller hangs up. */
  slow(endpoint: Endpoint, delay: Times & ({ readonly seconds: number } | { readonly forever: true })): void
  /** Does its work, then drops the connection: what was rotated or consumed is so, and the caller does not know. */
  loseResponse(endpoint: Endpoint, options?: Times): void
  /** Sends the caller elsewhere and does nothing. */
  redirect(
    endpoint: Endpoint,
    options: Times & { readonly status: 301 | 302 | 303 | 307 | 308; readonly to: string },
  ): void
  /** Forgets every fault that was planned and has not happened. */
  clearFaults(): void
}

/** A fault on its way to happen. */
export type Fault =
  | { readonly kind: 'fail'; readonly failure: Failure }
  | { readonly kind: 'slow'; readonly seconds: number }
  | { readonly kind: 'lose' }

/** The faults' public face, and what the server asks before each answer. An endpoint that is not among these is refused. */
export function createFaults<Endpoint extends string>(
  endpoints: ReadonlySet<Endpoint>,
): {
  readonly faults: Faults<Endpoint>
  next(endpoint: Endpoint): Fault | undefined
} {
  const plans = new Map<Endpoint, Plan<Fault>>()
  const plan = (endpoint: Endpoint, fault: Fault, { times }: Times = {}): void => {
    requireKnown('endpoint', endpoint, [...endpoints])
    const planned = plans.get(endpoint) ?? createPlan<Fault>()
    plans.set(endpoint, planned)
    planned.add(fault, times)
  }
  return {
    next: (endpoint) => plans.get(endpoint)?.take(),
    faults: {
      fail: (endpoint, failure) => plan(endpoint, { kind: 'fail', failure }, failure),
      slow: (endpoint, delay) =>
        plan(endpoint, { kind: 'slow', seconds: 'seconds' in delay ? delay.seconds : Infinity }, delay),
      loseResponse: (endpoint, options) => plan(endpoint, { kind: 'lose' }, options),
      redirect: (endpoint, { status, to, ...times }) =>
        plan(endpoint, { kind: 'fail', failure: { status, headers: { location: to } } }, times),
      clearFaults: () => plans.clear(),
    },
  }
}

/** The answer that a failure stands for. */
export function failureResponse({
  status,
  body,
  contentType = 'text/plain; charset=utf-8',
  headers,
}: Failure): Response {
  const content =
    typeof body === 'function' ? ReadableStream.from(body()) : (body ?? 'The emulator was told to fail here.\n')
  const hasBody = status !== 204 && status !== 304
  return new Response(hasBody ? (content as BodyInit) : null, {
    status,
    headers: { 'content-type': contentType, ...headers },
  })
}
