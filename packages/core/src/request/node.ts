import { channel } from 'node:diagnostics_channel'
import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import { Readable } from 'node:stream'
import { type AuthEvent, type EventListener, withoutUser } from '../model/event.ts'
import { type Answer, toAnswer } from './answer.ts'
import { addHeaders, type NodeHeaders, whenHeadersAreSent } from './node-headers.ts'
import type { RequestLike } from './request-like.ts'
import { createRequestScope, type RequestScope } from './request-scope.ts'

export type { Answer } from './answer.ts'
export { methodsOfTheApp } from './methods-of-the-app.ts'
export { addHeaders, mergedHeader, type NodeHeaders, whenHeadersAreSent } from './node-headers.ts'

/** What is read of a Node request, also of one that a framework has wrapped. */
export interface NodeRequest {
  /** The method, in capitals. */
  readonly method?: string | undefined
  /** The path with its query, as the request line had it. */
  readonly url?: string | undefined
  /** The headers, by names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** What is needed of a Node response, also of one that a framework has wrapped. */
export interface NodeResponse extends NodeHeaders {
  /** The status to send. */
  statusCode: number
  /** Whether it is too late for headers. */
  readonly headersSent: boolean
  /** Sends it. */
  end(body?: Uint8Array): unknown
}

/** What core reads of a Node request, without copying it. */
export function toRequestLike({ method = 'GET', url = '/', headers }: NodeRequest): RequestLike {
  return { method, url: asciiTarget(url), headers: { get: (name) => textOf(headers, name.toLowerCase()) } }
}

/** The request with its whole path: Express cuts off what a router or a sub-app is mounted under. */
export function wholeRequest(request: NodeRequest & { readonly originalUrl?: string | undefined }): NodeRequest {
  const { method, url, originalUrl = url, headers } = request
  return { method, url: originalUrl, headers }
}

/**
 * The body of a request of Express, for {@link toWebRequest}: what a parser made of it, or the stream if nothing has read
 * it. Parsers leave an empty object, too, where they do not know the type.
 */
export function bodyOf(request: Readable & { readonly body?: unknown }): unknown {
  return request.readableDidRead ? request.body : request
}

/**
 * A Node request as a web `Request`, and its body if the framework has parsed it: then the stream is empty. Only path and
 * query are the caller's: the host decides nothing.
 *
 * @param parsed The body as the framework has it: parsed, raw, or undefined if nothing has read the stream.
 */
export async function toWebRequest(
  { method = 'GET', url = '/', headers }: NodeRequest,
  parsed: unknown,
): Promise<{ readonly request: Request; readonly body?: unknown }> {
  const bytes = isRaw(parsed) ? parsed : isStream(parsed) ? await readBytes(parsed) : undefined
  const body = method === 'GET' || method === 'HEAD' ? null : (bytes ?? null)
  const request = new Request(`http://localhost${asciiTarget(url)}`, {
    method,
    headers: webHeaders(headers),
    body,
  })
  return bytes === undefined ? { request, body: parsed } : { request }
}

/**
 * Patterns of the paths beside the routes of each provider, such as `/auth/acme/*`: there a callback arrives whose address
 * at the vendor is almost ours.
 */
export function nearMisses(routes: readonly { readonly path: string }[]): readonly string[] {
  const parents = [...new Set(routes.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))]
  // The shortest is the base path: pages of the app may be below it.
  const base = Math.min(...parents.map(({ length }) => length))
  return parents.filter(({ length }) => length > base).map((parent) => `${parent}/*`)
}

/**
 * Writes a web `Response` to a Node response: each `Set-Cookie` on a line of its own. Does nothing where something else
 * has answered by then, such as a time limit of the app.
 */
export async function sendWebResponse(response: NodeResponse, web: Response): Promise<void> {
  await sendAnswer(response, toAnswer(web))
}

/** The same for what `answerRoute` answered. */
export async function sendAnswer(response: NodeResponse, answer: Answer): Promise<void> {
  const body = await answerBytes(answer)
  if (response.headersSent) return
  response.statusCode = answer.status
  addHeaders(response, answer.headers)
  response.end(body)
}

/** The body of an answer as Node takes it; undefined for none. */
export async function answerBytes({ body }: Answer): Promise<Buffer | undefined> {
  if (body === null) return undefined
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(await new Response(body).arrayBuffer())
  return bytes.length === 0 ? undefined : bytes
}

/**
 * Opens the scope of a request, whose headers reach the response however it is sent: by the framework, as a stream, or
 * by writes to the Node response itself.
 */
export function openNodeScope(request: NodeRequest, response: ServerResponse | Http2ServerResponse): RequestScope {
  const scope = createRequestScope(toRequestLike(request))
  // What is used of it is the same in both.
  whenHeadersAreSent(response as ServerResponse, () => scope.headers())
  return scope
}

/**
 * Whether a request asks for another protocol, such as a WebSocket: in HTTP/1.1 by `Upgrade`, in HTTP/2 by CONNECT. Its
 * answer takes no headers of ours.
 */
export function isUpgrade({ method, headers }: NodeRequest): boolean {
  if (method === 'CONNECT') return true
  return headers.upgrade !== undefined && /(?:^|,) *upgrade *(?:,|$)/i.test(headerText(headers.connection) ?? '')
}

/** The channel of `node:diagnostics_channel` on which events are published, each without the key of its user. */
export const eventChannel = 'latchkey:event'

const events = channel(eventChannel)

/**
 * Publishes an event for tools that listen on the {@link eventChannel}: the event alone, never the framework's request, and
 * nothing that names a user, for every package of a process can listen there.
 */
export const publishEvent: EventListener = Object.assign(
  (event: AuthEvent) => {
    if (events.hasSubscribers) events.publish(withoutUser(event))
  },
  { isListening: () => events.hasSubscribers },
)

/** A response, or the socket of an upgrade, as far as its end is concerned. */
export interface Connection {
  /** Whether it is gone. */
  readonly destroyed?: boolean | undefined
  /** Of HTTP/2. */
  readonly stream?: { readonly destroyed: boolean } | undefined
  /** Calls back when it is. */
  once(name: 'close', listener: () => void): unknown
}

/** A signal that is aborted when a response has ended or an upgraded connection is closed. */
export function closedSignal(connection: Connection): AbortSignal {
  const controller = new AbortController()
  if (connection.destroyed === true || connection.stream?.destroyed === true) controller.abort()
  else connection.once('close', () => controller.abort())
  return controller.signal
}

/** Node hands over the bytes of a target one character each: what is no ASCII means what its escapes mean. */
function asciiTarget(target: string): string {
  if (!/[\u0080-\u00ff]/.test(target)) return target
  return target.replaceAll(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)
}

function webHeaders(headers: NodeRequest['headers']): Headers {
  const web = new Headers()
  // Of HTTP/2 only, and no header of the web's: `:authority` stands for Host.
  const names = Object.keys(headers).filter((name) => !name.startsWith(':'))
  for (const name of new Set(['host', ...names])) {
    const text = textOf(headers, name)
    if (text !== null) web.set(name, text)
  }
  return web
}

/** A header, with the host of HTTP/2 as `host`. */
function textOf(headers: NodeRequest['headers'], name: string): string | null {
  const text = headerText(headers[name])
  const authority = name === 'host' ? headerText(headers[':authority']) : null
  if (authority === null || text === null || authority.toLowerCase() === text.toLowerCase()) return authority ?? text
  // Two hosts are none of ours: RFC 9113, section 8.3.1.
  return `${authority}, ${text}`
}

function headerText(value: string | string[] | undefined): string | null {
  if (value === undefined) return null
  return Array.isArray(value) ? value.join(', ') : value
}

function isRaw(body: unknown): body is string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' || body instanceof Uint8Array
}

function isStream(body: unknown): body is Readable {
  return body instanceof Readable
}

// Core answers what is over its own, smaller limit with a problem document; of more, nothing is kept.
const maxBytes = 128 * 1024

async function readBytes(stream: Readable): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    if (length <= maxBytes) chunks.push(chunk)
    length += chunk.length
  }
  return Buffer.concat(chunks)
}
