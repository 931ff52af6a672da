import { checkOptions, option, rule } from '@latchkey/core/adapter'
import type { Attributes } from '@opentelemetry/api'

/** Options of {@link redactUrls}. */
export interface RedactUrlsOptions {
  /** The `basePath` of the auth. Default `/auth`. */
  readonly basePath?: string | undefined
  /** Other paths of the app whose query holds secrets, such as the callback page of Wink's browser flow. */
  readonly paths?: readonly string[] | undefined
  /** Origins to which the app sends requests of its own whose query strings are kept. Default: of none. */
  readonly keepQueryOf?: readonly string[] | undefined
  /** Whether the host of requests to the app is left out: with `{tenant}` in `baseUrl` it names the tenant. Default false. */
  readonly removeHost?: boolean | undefined
}

/** What is read of a request that came in. */
export interface IncomingRequest {
  /** The path with its query. */
  readonly url?: string | undefined
  /** The headers, of which `host` is read. */
  readonly headers: { readonly host?: string | undefined }
  /** The connection: whether it is encrypted. */
  readonly socket?: object | undefined
}

/** What is read of a request that goes out by `node:http`. */
export interface OutgoingRequest {
  /** `http:` or `https:`. */
  readonly protocol?: string | null | undefined
  /** The host, perhaps with a port. */
  readonly host?: string | null | undefined
  /** The host without a port. */
  readonly hostname?: string | null | undefined
  /** The port. */
  readonly port?: number | string | null | undefined
  /** The path with its query. */
  readonly path?: string | null | undefined
}

/** What is read of a request that goes out by `fetch`. */
export interface UndiciRequest {
  /** The origin. */
  readonly origin: string | URL
  /** The path with its query. */
  readonly path: string
}

/** Hooks for the HTTP instrumentations: give each to the constructor of its own. */
export interface UrlRedaction {
  /** For `HttpInstrumentation` of `@opentelemetry/instrumentation-http`. */
  readonly http: {
    startIncomingSpanHook(request: IncomingRequest): Attributes
    startOutgoingSpanHook(request: OutgoingRequest): Attributes
  }
  /** For `UndiciInstrumentation` of `@opentelemetry/instrumentation-undici`. */
  readonly undici: { startSpanHook(request: UndiciRequest): Attributes }
}

/**
 * Takes query strings out of the spans that HTTP instrumentations make: of requests to the auth routes, where codes and states
 * travel, and of all requests that the app sends. They are taken out before a sampler or a span processor sees them.
 *
 * @throws `core/invalid_option`
 */
export function redactUrls(options: RedactUrlsOptions = {}): UrlRedaction {
  const {
    basePath = '/auth',
    paths = [],
    keepQueryOf = [],
    removeHost = false,
  } = checkOptions('redactUrls', options, {
    basePath: path,
    paths: option.list(path),
    keepQueryOf: option.list(option.webUrl),
    removeHost: option.boolean,
  })
  const secretPaths = [basePath, ...paths].map((each) => each.toLowerCase())
  const kept = new Set(keepQueryOf.map((each) => new URL(each).origin))

  function outgoing(target: URL): Attributes {
    if (kept.has(target.origin)) return {}
    const { origin, pathname } = target
    const url = `${origin}${pathname}`
    return { 'url.full': url, 'url.path': pathname, 'url.query': '', 'http.url': url, 'http.target': pathname }
  }

  return {
    http: {
      startIncomingSpanHook({ url = '/', headers, socket }) {
        const hidden = removeHost ? hiddenHost : {}
        const [pathname = '/'] = url.split(/[?;#]/, 1)
        const plain = plainPath(pathname)
        if (plain !== null && !secretPaths.some((each) => plain.includes(each))) {
          return removeHost ? { ...hidden, 'http.url': url } : {}
        }
        const whole = removeHost ? pathname : `${schemeOf(socket)}//${headers.host ?? ''}${pathname}`
        return { 'url.path': pathname, 'url.query': '', 'http.target': pathname, 'http.url': whole, ...hidden }
      },
      startOutgoingSpanHook: ({ protocol, host, hostname, port, path: target }) => {
        const origin = `${protocol ?? 'http:'}//${hostname ?? host ?? 'localhost'}`
        return outgoing(urlOf(target ?? '/', typeof port === 'number' || port ? `${origin}:${port}` : origin))
      },
    },
    undici: { startSpanHook: ({ origin, path: target }) => outgoing(urlOf(target, String(origin))) },
  }
}

const path = rule(
  'must be a path such as /auth',
  (value) => typeof value === 'string' && /^\/[\x21-\x7e]+$/.test(value),
)

function schemeOf(socket: object | undefined): string {
  return socket !== undefined && 'encrypted' in socket && socket.encrypted === true ? 'https:' : 'http:'
}

const hiddenHost: Attributes = { 'http.host': '', 'net.host.name': '', 'server.address': '' }

/** A path as servers read it, in lower case; null where it cannot be read: then nothing of its query is shown. */
function plainPath(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname).toLowerCase().replaceAll(/\/+/g, '/')
  } catch {
    return null
  }
}

/** A URL that cannot be read has no query to keep. */
function urlOf(target: string, origin: string): URL {
  try {
    return new URL(target, origin)
  } catch {
    return new URL('http://localhost/')
  }
}
