import { headersOf } from './headers-of-errors.ts'
import type { HeaderEntries, RequestLike } from './request-like.ts'
import { noStore } from './response.ts'

/**
 * The calls to an auth that belong to one request of a framework: guards, readings of the session, tokens, changes. Each
 * sees what those before it have done to the session, and together they give the response each cookie once.
 */
export interface RequestScope {
  /**
   * Makes one call, after those before it are done.
   *
   * @param ask Gets the request to call the auth with: the one that came, with the cookies that earlier calls have set.
   */
  call<Result extends HeaderSource>(ask: (request: RequestLike) => Promise<Result>): Promise<Result>
  /**
   * What the response gets from all calls: of cookies with one name the newest. Read it when the response is sent: what
   * ended by then is not written back.
   */
  headers(): HeaderEntries
}

/** What every call to an auth gives; the headers are made when they are read. */
export interface HeaderSource {
  /** Headers for the answer. */
  readonly headers: HeaderEntries
}

/** Opens the scope of a request. */
export function createRequestScope(request: RequestLike): RequestScope {
  return new OpenScope(request)
}

class OpenScope implements RequestScope {
  readonly #request: RequestLike
  readonly #results: HeaderSource[] = []
  /** Undefined before the first call, which has nothing to wait for. */
  #last: Promise<unknown> | undefined

  constructor(request: RequestLike) {
    this.#request = request
  }

  call<Result extends HeaderSource>(ask: (request: RequestLike) => Promise<Result>): Promise<Result> {
    const work = (): Promise<Result> => this.#ask(ask)
    const result = this.#last === undefined ? work() : this.#last.then(work, work)
    this.#last = result
    return result
  }

  headers(): HeaderEntries {
    const results = this.#results
    return results.length > 1 ? newest(results.flatMap((result) => result.headers)) : (results[0]?.headers ?? [])
  }

  async #ask<Result extends HeaderSource>(ask: (request: RequestLike) => Promise<Result>): Promise<Result> {
    try {
      const result = await ask(this.#results.length === 0 ? this.#request : withCookies(this.#request, this.headers()))
      this.#results.push(result)
      return result
    } catch (error) {
      this.#results.push(new DueAfter(error))
      throw error
    }
  }
}

/** What a call that failed has done to the session before, such as a refresh, is due all the same. */
class DueAfter implements HeaderSource {
  readonly #error: unknown

  constructor(error: unknown) {
    this.#error = error
  }

  get headers(): HeaderEntries {
    return [...noStore, ...headersOf(this.#error)]
  }
}

/** One entry of each header name, and of each cookie name: the last. */
function newest(entries: HeaderEntries): HeaderEntries {
  const byName = new Map<string, HeaderEntries[number]>()
  for (const [name, value] of entries) {
    const key = name === 'set-cookie' ? `${name} ${cookieName(value)}` : name
    byName.delete(key)
    byName.set(key, [name, value])
  }
  return [...byName.values()]
}

/** The request as a browser would send it after it had got these headers. */
function withCookies(request: RequestLike, headers: HeaderEntries): RequestLike {
  const lines = headers.filter(([name]) => name === 'set-cookie').map(([, line]) => line)
  if (lines.length === 0) return request
  const names = new Set(lines.map(cookieName))
  const sent = (request.headers.get('cookie') ?? '').split(';').filter((pair) => !names.has(cookieName(pair.trim())))
  const set = lines.filter((line) => !/; *max-age=0 *(?:;|$)/i.test(line)).map((line) => line.split(';', 1)[0] ?? '')
  // What was sent stays byte for byte: a look-alike must not become the cookie that it looks like.
  const cookie = [...sent, ...set].filter((pair) => pair.trim() !== '').join(';')
  const get = (name: string): string | null =>
    name.toLowerCase() === 'cookie' ? cookie || null : request.headers.get(name)
  return { method: request.method, url: request.url, headers: { get } }
}

/** The name of the cookie that a Set-Cookie line sets. */
export function cookieName(line: string): string {
  const end = line.indexOf('=')
  return end === -1 ? line : line.slice(0, end)
}
