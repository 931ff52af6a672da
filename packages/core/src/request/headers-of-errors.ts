import type { HeaderEntries } from './request-like.ts'

const headers = new WeakMap<object, () => HeaderEntries>()

/** Keeps what the answer to an error is due: a refresh that was made before it must reach the browser. */
export function keepHeadersOf(error: unknown, read: () => HeaderEntries): void {
  if (typeof error === 'object' && error !== null) headers.set(error, read)
}

/** What the answer to an error is due by now; empty where no session was read before it. */
export function headersOf(error: unknown): HeaderEntries {
  return (typeof error === 'object' && error !== null ? headers.get(error)?.() : undefined) ?? []
}
