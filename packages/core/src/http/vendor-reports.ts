import { isAuthError } from '../errors/auth-error.ts'
import { type Around, runInside } from '../model/around.ts'
import type { ErrorCode } from '../model/event.ts'

/** How a request to a vendor ended. Holds no URL, and nothing of the request or the answer. */
export interface VendorReport {
  /** The name of the endpoint, such as `token`; `other` where it was given none. */
  readonly endpoint: string
  /** Missing where no answer came. */
  readonly status?: number | undefined
  /** From the start to the last byte, or to the failure. */
  readonly durationMilliseconds: number
  /** Why it failed; missing where it did not. */
  readonly code?: ErrorCode | undefined
  /** A word for it, such as `timeout`. */
  readonly reason?: string | undefined
  /** What to do about it. */
  readonly hint?: string | undefined
}

/** Is told of each request of a client. */
export interface VendorObserver {
  /** Whether anybody wants to know: asked before each request, which else is sent as if nobody observed. */
  isListening(): boolean
  /** Called when a request has ended, before its sender goes on. */
  report(report: VendorReport): void
  /** Called around each request; see `EventListener.around`. */
  readonly around: Around<VendorReport>
}

/** Where the requests of one client are reported, whichever of its HTTP clients sends them. */
export interface VendorReports {
  /** Adds an observer, once. Of more than 100 the oldest is dropped: an auth for each request must not fill the memory. */
  subscribe(observer: VendorObserver): void
  /** Those who want to know of a request that is sent now. */
  listening(): readonly VendorObserver[]
}

const maxObservers = 100

/** Makes the place where the requests of a client are reported. */
export function createVendorReports(): VendorReports {
  const observers = new Set<VendorObserver>()
  return {
    subscribe(observer) {
      observers.add(observer)
      const [oldest] = observers
      if (observers.size > maxObservers && oldest !== undefined) observers.delete(oldest)
    },
    listening: () => [...observers].filter((observer) => observer.isListening()),
  }
}

/** Whether anybody wants to know of a request. */
export function isHeard(reports: VendorReports | null): reports is VendorReports {
  return reports !== null && reports.listening().length > 0
}

/** Sends a request, and reports it to all who are listening before its sender goes on. */
export async function observed<Answer extends { readonly status: number }>(
  reports: VendorReports,
  endpoint: string | undefined,
  send: () => Promise<Answer>,
): Promise<Answer> {
  const observers = reports.listening()
  const startedAt = performance.now()
  let answer: Promise<Answer> | undefined
  const work = async (): Promise<VendorReport> => {
    answer = send()
    const end = await answer.then(({ status }) => ({ status }), reasonOf)
    const durationMilliseconds = Math.round(performance.now() - startedAt)
    const report = { endpoint: nameOf(endpoint), ...end, durationMilliseconds }
    for (const observer of observers) reportTo(observer, report)
    return report
  }
  const arounds = observers.map(({ around }) => around)
  await runInside(arounds, work)
  return answer ?? send()
}

function reportTo(observer: VendorObserver, report: VendorReport): void {
  try {
    observer.report(report)
  } catch {
    // An observer's failure is the observer's.
  }
}

/** A URL that came here by mistake is none: it holds hosts, and could hold codes. */
function nameOf(endpoint: string | undefined): string {
  return endpoint !== undefined && /^[a-z][a-z0-9_]{0,39}$/.test(endpoint) ? endpoint : 'other'
}

function reasonOf(error: unknown): Omit<VendorReport, 'endpoint' | 'durationMilliseconds'> {
  if (!isAuthError(error)) return { reason: 'aborted' }
  const { code, hint, cause } = error
  const { status, reason } = (cause ?? {}) as { readonly status?: unknown; readonly reason?: unknown }
  return {
    ...(typeof status === 'number' ? { status } : {}),
    code,
    ...(typeof reason === 'string' ? { reason } : {}),
    hint,
  }
}
