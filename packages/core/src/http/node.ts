import dns from 'node:dns'
import http, { type Agent, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { type Duplex, pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { joinedBytes } from '../model/joined-bytes.ts'
import { isPublicAddress, privateAddressError, publicLookup } from './node-addresses.ts'
import type { PlatformAnswer, PlatformFetch, PlatformFetchOptions, PlatformRequest } from './platform-fetch.ts'

/** Requests to one origin at a time; further ones wait, within their deadline. */
const connectionsPerOrigin = 128

/** Connections that wait for a next request, to all origins together. */
const maxIdle = 256

/** How long a connection waits. Servers and what is before them close idle ones after 4 seconds and more. */
const idleMilliseconds = 2000

/** Idle connections, and until when a request may be sent on them: a later one could meet a server that is closing. */
const idle = new Map<Duplex, number>()

/** How long a connection may be idle by the last answer on it, where that is not `idleMilliseconds`. */
const hints = new WeakMap<object, number>()

const resolveName: LookupFunction = (hostname, options, callback) => dns.lookup(hostname, options, callback)

type Agents = Readonly<Record<'http:' | 'https:', Agent>>

const anywhere = createAgents(resolveName)

const onlyPublic = createAgents(publicLookup(resolveName))

/**
 * Sends by node:http and node:https over connections that are kept for {@link idleMilliseconds}: no request is ever sent
 * twice, and no environment variable chooses a proxy or lets a certificate pass.
 */
export function createPlatformFetch({ privateHosts }: PlatformFetchOptions): PlatformFetch {
  return async (address, request) => {
    const url = new URL(address)
    const isAnywhere = privateHosts === undefined || privateHosts.includes(url.hostname)
    const hostname = withoutBrackets(url.hostname)
    // An address is connected to without a lookup.
    if (!isAnywhere && isIP(hostname) !== 0 && !isPublicAddress(hostname)) throw privateAddressError()
    return send({ url, hostname }, request, isAnywhere ? anywhere : onlyPublic)
  }
}

/** Only an address of IPv6 has them, in a URL alone. */
function withoutBrackets(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}

async function send(
  { url, hostname }: { readonly url: URL; readonly hostname: string },
  { method = 'GET', headers, body, signal }: PlatformRequest,
  agents: Agents,
): Promise<PlatformAnswer> {
  const content = await contentOf(body ?? null, headers)
  signal.throwIfAborted()
  closeStale()
  const isTls = url.protocol === 'https:'
  // Without the URL itself: Node takes it apart for a tenth of what the whole request costs.
  const options = {
    hostname,
    port: url.port,
    path: url.pathname + url.search,
    method,
    headers: Object.fromEntries(headers),
    agent: agents[isTls ? 'https:' : 'http:'],
  }
  // Called as members, as dns.lookup is: who observes or mocks requests replaces them there.
  const request = isTls ? https.request(options) : http.request(options)
  return new Promise((resolve, reject) => {
    // The signal is of this request alone. Passed on as an option it costs five times as much.
    const stop = (): void => void request.destroy()
    signal.addEventListener('abort', stop)
    // V8 collects signals late, and with one all that its listeners hold: each collection in between would copy that.
    request.on('close', () => signal.removeEventListener('abort', stop))
    request.on('error', reject)
    request.on('response', (response) => {
      const milliseconds = idleLimit(response)
      if (milliseconds <= 0) request.shouldKeepAlive = false
      hints.set(response.socket, milliseconds)
      const body = decoded(response)
      resolve({
        status: response.statusCode ?? 0,
        headers: headersOf(response),
        type: 'default',
        redirected: false,
        body,
        read: (maximumBytes) => readAll(body, maximumBytes),
      })
    })
    request.end(content)
  })
}

/** What is sent, in the one form that gets a `Content-Length`. */
async function contentOf(body: BodyInit | null, headers: Headers): Promise<string | Uint8Array | undefined> {
  if (body === null) return undefined
  if (typeof body === 'string') return body
  // By itself, as oauth4webapi sends it: a `Response` costs more than all else here.
  if (body instanceof URLSearchParams && headers.has('content-type')) return String(body)
  const whole = new Response(body)
  const type = whole.headers.get('content-type')
  if (type !== null && !headers.has('content-type')) headers.set('content-type', type)
  return new Uint8Array(await whole.arrayBuffer())
}

/** All of them: `response.headers` drops the second of some that stand twice, which would hide a contradiction. */
function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  }
  return headers
}

const decoders: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** The body in plain. Nothing else was asked for, yet some proxies compress. More than one coding is left as it is. */
function decoded(response: IncomingMessage): Readable {
  const coding = response.headers['content-encoding']?.trim().toLowerCase() ?? ''
  const decoder = Object.hasOwn(decoders, coding) ? decoders[coding]?.() : undefined
  // Its errors come out of the decoder, and who gives that up closes the connection.
  return decoder === undefined ? response : pipeline(response, decoder, () => {})
}

/** By its events: to iterate over a stream costs as much as all else that is done with an answer. */
function readAll(body: Readable, maximumBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let length = 0
    body.on('data', (chunk: Uint8Array) => {
      length += chunk.byteLength
      if (length > maximumBytes) {
        resolve(null)
        body.destroy()
      } else chunks.push(chunk)
    })
    body.on('end', () => resolve(joinedBytes(chunks)))
    body.on('error', reject)
    const lost = (): void => {
      if (!body.readableEnded) reject(Object.assign(new Error('The answer was cut'), { code: 'ECONNRESET' }))
    }
    // What was lost before it is read says so by nothing else.
    if (body.destroyed) lost()
    else body.on('close', lost)
  })
}

function createAgents(lookup: LookupFunction): Agents {
  const options = {
    keepAlive: true,
    maxSockets: connectionsPerOrigin,
    maxFreeSockets: connectionsPerOrigin,
    // The one that is at the front is the one that is taken, after those that were closed.
    scheduling: 'fifo',
    lookup,
  } as const
  return {
    'http:': keepingShortly(new http.Agent(options)),
    // Each connection is verified by itself (a resumed one would not be), whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    'https:': keepingShortly(new https.Agent({ ...options, rejectUnauthorized: true, maxCachedSessions: 0 })),
  }
}

/** Has the agent keep what {@link closeStale} knows of. */
function keepingShortly<Kind extends Agent>(agent: Kind): Kind {
  const { keepSocketAlive, reuseSocket } = agent
  return Object.assign(agent, {
    keepSocketAlive(socket: Duplex): unknown {
      if (idle.size >= maxIdle) return false
      sweepLater()
      idle.set(socket, performance.now() + (hints.get(socket) ?? idleMilliseconds))
      // An idle connection keeps no process alive.
      return keepSocketAlive.call(agent, socket)
    },
    reuseSocket(...[socket, request]: Parameters<Agent['reuseSocket']>): void {
      idle.delete(socket)
      reuseSocket.call(agent, socket, request)
    },
  })
}

let isSweepDue = false

/** Closes idle connections where no request comes that would. One timer: one for each connection costs each request. */
function sweepLater(): void {
  if (isSweepDue) return
  isSweepDue = true
  const timer = setTimeout(() => {
    isSweepDue = false
    closeStale()
    if (idle.size > 0) sweepLater()
  }, idleMilliseconds)
  timer.unref()
}

/** Closes what has waited too long. A timer does that as well, but late where the process was busy. */
function closeStale(): void {
  const now = performance.now()
  for (const [socket, end] of idle) {
    if (now < end && !socket.destroyed) continue
    idle.delete(socket)
    socket.destroy()
  }
}

/** Up to a second before the server closes the connection, if it says when. */
function idleLimit({ headers }: IncomingMessage): number {
  const [, seconds] = /\btimeout="?(\d{1,9})\b/i.exec(String(headers['keep-alive'] ?? '')) ?? []
  return seconds === undefined ? idleMilliseconds : Math.min(idleMilliseconds, (Number(seconds) - 1) * 1000)
}
