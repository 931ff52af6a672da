import type { HeaderEntries } from './request-like.ts'

/** What is answered, before a framework writes it: a `Response` for each step of an answer costs more than what it says. */
export interface Answer {
  /** The status to send. */
  readonly status: number
  /** In order; several may have the same name. */
  readonly headers: HeaderEntries
  /** Null for none. */
  readonly body: string | ReadableStream<Uint8Array> | null
}

/** The same answer with headers in the place of those of their names. */
export function withHeaders(answer: Answer, headers: HeaderEntries): Answer {
  const replaced = new Set(headers.map(([name]) => name))
  return { ...answer, headers: [...answer.headers.filter(([name]) => !replaced.has(name)), ...headers] }
}

/** The same answer with further headers, beside those of their names. */
export function withMoreHeaders(answer: Answer, headers: HeaderEntries): Answer {
  return { ...answer, headers: [...answer.headers, ...headers] }
}

/** An answer as a `Response`. */
export function toResponse({ status, headers, body }: Answer): Response {
  const response = new Response(body, { status })
  // Text as a body brings a type of its own.
  if (body !== null) response.headers.delete('content-type')
  // One by one: to convert a list of pairs takes longer than the rest of a response.
  for (const [name, value] of headers) response.headers.append(name, value)
  return response
}

/** A `Response` as an answer: its body goes along, unread. */
export function toAnswer({ status, headers, body }: Response): Answer {
  return { status, headers: [...headers], body }
}

/** The body of an answer as text. */
export async function bodyText({ body }: Answer): Promise<string> {
  // To read what is empty takes a stream and several turns.
  return body === null || typeof body === 'string' ? (body ?? '') : new Response(body).text()
}
