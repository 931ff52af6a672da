import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { createClock, type EmulatorClock } from './clock.ts'
import { createFaults, type Fault, type Faults, failureResponse } from './faults.ts'
import { authorizationScheme, createJournal, type Journal, type OpenEntry, redactFields } from './journal.ts'
import { isLoopbackHost, type LoopbackListener, listenOnLoopback, type TlsOptions } from './loopback.ts'
import { messagePage } from './page.ts'
import { findRoute, noteInto, type Route } from './router.ts'

/** What every running emulated system has. */
export interface RunningSystem<Endpoint extends string> extends Faults<Endpoint> {
  /** Its origin, such as `http://localhost:4001`, or the public URL that it was started with. */
  readonly url: string
  /** The requests that it has answered. */
  readonly journal: Journal<Endpoint>
  /** Its own time. */
  readonly clock: EmulatorClock
}

/** Where one system listens, and at which address it is met. */
export interface SystemOptions {
  /** 0, a free one, by default. */
  readonly port?: number | undefined
  /**
   * The origin at which clients and browsers meet it, where that is a proxy or a tunnel before it, such as
   * `https://wristband.example`. It must pass the `Host` header on. By default the port on this machine.
   */
  readonly publicUrl?: string | undefined
}

/** Where and by which clock a system runs; what a system's own start function is given. */
export interface Surroundings {
  readonly port: number
  readonly publicUrl: string | undefined
  readonly tls: TlsOptions | undefined
  readonly hostname: string
  readonly clock: () => number
}

/** A system that listens and does not answer yet: its address is known, so its routes can be made. */
export interface OpenedSystem<Endpoint extends string> {
  readonly common: RunningSystem<Endpoint>
  /** Begins to answer. */
  serve(service: Service<Endpoint>): void
  /** Opens one more port of the same system: its journal, faults and clock are shared. */
  openPort(at: Address): Promise<{ readonly url: string; serve(service: Service<Endpoint>): void }>
  close(): Promise<void>
}

/** One port, and the origin at which it is met. */
type Address = Pick<Surroundings, 'port' | 'publicUrl'>

/** What one port answers. */
export interface Service<Endpoint extends string> {
  readonly vendor: string
  readonly routes: readonly Route<Endpoint>[]
  /** Whether a host is a tenant's; every name under `localhost` is, unless a system says otherwise. */
  readonly isTenantHost?: (hostname: string) => boolean
}

/** Opens the sockets of one emulated system. */
export async function openSystem<Endpoint extends string>(where: Surroundings): Promise<OpenedSystem<Endpoint>> {
  const clock = createClock(where.clock)
  const { journal, record } = createJournal<Endpoint>()
  const endpoints = new Set<Endpoint>()
  const { faults, next } = createFaults(endpoints)
  const stopped = new AbortController()
  const listeners: LoopbackListener[] = []

  async function openPort({ port, publicUrl }: Address): ReturnType<OpenedSystem<Endpoint>['openPort']> {
    const isPublicHost = checkPublicUrl(publicUrl)
    let service: Service<Endpoint> = { vendor: '', routes: [] }
    const listener = await listenOnLoopback({ port, tls: where.tls }, (incoming, outgoing) => {
      const { host } = incoming.headers
      const isPublic = isPublicHost(host)
      const own = where.tls === undefined ? 'http:' : 'https:'
      const scheme = isPublic ? new URL(publicUrl ?? '').protocol : own
      const origin = isPublic || isLoopbackHost(host) ? `${scheme}//${host}` : null
      answer(service, { origin, incoming }, outgoing).catch((error: unknown) => {
        // Either the caller hung up, which is its right, or a mutation of a test threw, which its author must see.
        if (!incoming.errored) process.emitWarning(error instanceof Error ? error : String(error))
        outgoing.destroy()
      })
    })
    listeners.push(listener)
    return {
      url:
        publicUrl === undefined
          ? `${where.tls === undefined ? 'http' : 'https'}://${where.hostname}:${listener.port}`
          : new URL(publicUrl).origin,
      serve(next) {
        service = next
        for (const { endpoint } of next.routes) endpoints.add(endpoint)
      },
    }
  }

  async function answer(
    { vendor, routes, isTenantHost = isUnderLocalhost }: Service<Endpoint>,
    { origin, incoming }: { readonly origin: string | null; readonly incoming: IncomingMessage },
    outgoing: ServerResponse,
  ): Promise<void> {
    const target = incoming.url ?? ''
    if (origin === null || !target.startsWith('/') || !URL.canParse(`${origin}${target}`)) {
      return send(outgoing, new Response('This emulator answers only to names of this machine.\n', { status: 421 }))
    }
    const url = new URL(`${origin}${target}`)
    const body = await readBody(incoming)
    if (body === null) return send(outgoing, new Response('Too large.\n', { status: 413 }))
    const request = toRequest(incoming, url, body)
    const found = findRoute(routes, {
      method: request.method,
      url,
      host: isTenantHost(url.hostname) ? 'tenant' : 'own',
    })
    const fault = found ? next(found.route.endpoint) : undefined
    const entry: OpenEntry<Endpoint> = {
      at: clock.now(),
      endpoint: found?.route.endpoint ?? null,
      method: request.method,
      host: incoming.headers.host ?? '',
      path: url.pathname,
      fields: redactFields([...url.searchParams, ...formFields(request, body)]),
      authorization: authorizationScheme(request.headers.get('authorization')),
      status: null,
      ...(fault && { fault: fault.kind }),
    }
    record(entry)
    if (fault?.kind === 'slow' && !(await delay(fault, outgoing))) return
    const response = !found
      ? messagePage(vendor, { status: 404, title: 'Not found', text: 'Nothing is at this address.' })
      : fault?.kind === 'fail'
        ? failureResponse(fault.failure)
        : await found.route.handle(request, { parameters: found.parameters, note: noteInto(entry) })
    if (fault?.kind === 'lose') return void outgoing.destroy()
    entry.status = response.status
    await send(outgoing, response)
  }

  /** False when the caller hung up or the emulator stopped meanwhile. */
  async function delay({ seconds }: Extract<Fault, { kind: 'slow' }>, outgoing: ServerResponse): Promise<boolean> {
    const gone = new AbortController()
    outgoing.once('close', () => gone.abort())
    const signal = AbortSignal.any([gone.signal, stopped.signal])
    // The longest that a timer can wait is 2^31 - 1 ms.
    const milliseconds = Math.min(seconds * 1000, 2 ** 31 - 1)
    return wait(milliseconds, true, { signal }).catch(() => false)
  }

  const first = await openPort(where)
  return {
    common: { url: first.url, journal, clock, ...faults },
    serve: first.serve,
    openPort,
    async close() {
      stopped.abort()
      for (const listener of listeners) await listener.close()
    },
  }
}

/** Whether a Host header is that of a public URL, or a name below it. */
function checkPublicUrl(publicUrl: string | undefined): (host: string | undefined) => boolean {
  if (publicUrl === undefined) return () => false
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || `${url.origin}/` !== url.href) {
    throw new TypeError(`publicUrl must be an origin, such as https://wristband.example, not ${publicUrl}`)
  }
  return (host) =>
    host !== undefined && (host.toLowerCase() === url.host || host.toLowerCase().endsWith(`.${url.host}`))
}

const isUnderLocalhost = (hostname: string): boolean => hostname.endsWith('.localhost')

const maxBodyBytes = 1024 * 1024

async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function toRequest(incoming: IncomingMessage, url: URL, body: string): Request {
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  const method = incoming.method ?? 'GET'
  return new Request(url, { method, headers, body: method === 'GET' || method === 'HEAD' ? null : body })
}

function formFields(request: Request, body: string): URLSearchParams {
  return new URLSearchParams(isForm(request) ? body : '')
}

/** Whether a request's body is a form's. */
export const isForm = (request: Request): boolean =>
  request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded'

async function send(outgoing: ServerResponse, response: Response): Promise<void> {
  const cookies = response.headers.getSetCookie()
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value)
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  outgoing.statusCode = response.status
  if (!response.body) return void outgoing.end()
  // A caller that hangs up in the middle is no failure of ours.
  await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), outgoing).catch(
    () => undefined,
  )
}
