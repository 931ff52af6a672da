import type { HeaderEntries, RequestLike } from '@latchkey/core/adapter'
import { cookieStore, NextRequest, redirectTo, sentHeaders } from '#next'
import type { GuardedRequest, GuardedRequests } from './guarded-request.ts'
import { refreshedAt } from './refreshed-request.ts'
import { cookieHeaderAfter } from './request-cookies.ts'
import { keepCookies } from './response-headers.ts'

/** The request whose page is rendered, whose Server Action runs or whose route handler runs. */
export interface CurrentRequest {
  /** Why its response can set no cookie, or null if it can. */
  readOnlyReason(): Error | null
  /** Whether Next puts its `basePath` before the path of a redirect: it does so for pages and its router alone. */
  isRedirectPrefixed(): boolean
  /** Calls the auth with the request and the cookies that are set by now. */
  read<Result extends { readonly headers: HeaderEntries }>(
    ask: (request: CurrentRequestLike) => Promise<Result>,
  ): Promise<Result>
  /** The same, and puts the cookies of the result into the response. */
  write<Result extends { readonly headers: HeaderEntries }>(
    ask: (request: CurrentRequestLike) => Promise<Result>,
  ): Promise<Result>
}

/** A request whose method may only be guessed. */
export interface CurrentRequestLike extends RequestLike {
  readonly isMethodKnown: boolean
}

/** Finds the request that runs: that of `route`, or else the one that Next knows of. */
export async function currentRequest(guardedRequests: GuardedRequests): Promise<CurrentRequest> {
  const guarded = guardedRequests.getStore()
  return guarded === undefined ? requestOfNext() : requestOfRoute(guarded)
}

function requestOfRoute(guarded: GuardedRequest): CurrentRequest {
  const call: CurrentRequest['read'] = (ask) =>
    guarded.scope.call(({ method, url, headers }) => ask({ method, url, headers, isMethodKnown: true }))
  return {
    readOnlyReason: () =>
      guarded.isOpen ? null : new Error('Cookies can only be modified before a route handler has answered.'),
    isRedirectPrefixed: () => false,
    read: call,
    write: call,
  }
}

async function requestOfNext(): Promise<CurrentRequest> {
  // First: while a page is prerendered this ends it.
  const sent = await sentHeaders()
  const store = await cookieStore()
  const again = refreshedAt(sent)
  // A page sets no cookie: there that of the proxy is the only one.
  if (again !== null && readOnlyReason(store) === null) return redirectTo(again)
  const cookieHeader = presentCookieHeader(sent.get('cookie'), store.getAll())
  const request: CurrentRequestLike = {
    // Next tells no method. What runs an action brings a body, and so its type; what opens a page does not.
    method: sent.has('content-type') ? 'POST' : 'GET',
    isMethodKnown: false,
    url: '/',
    headers: { get: (name) => (name.toLowerCase() === 'cookie' ? cookieHeader : sent.get(name)) },
  }
  return {
    readOnlyReason: () => readOnlyReason(store),
    isRedirectPrefixed: () => readOnlyReason(store) !== null || sent.has('next-action'),
    read: (ask) => ask(request),
    async write(ask) {
      const result = await ask(request)
      await keepCookies(result.headers)
      return result
    },
  }
}

/** The Cookie header that a request came with, with the cookies that an action or route handler has set since. */
function presentCookieHeader(
  sent: string | null,
  present: readonly { readonly name: string; readonly value: string }[],
): string | null {
  const parsed = new NextRequest('http://localhost', { headers: sent === null ? {} : { cookie: sent } }).cookies
  const changed = present.filter(({ name, value }) => parsed.get(name)?.value !== value)
  if (changed.length === 0) return sent
  const lines = changed.map(({ name, value }) => {
    // What is removed Next keeps as an empty text.
    const lifetime = value === '' ? '; Max-Age=0' : ''
    return ['set-cookie', `${name}=${encodeURIComponent(value)}${lifetime}`] as const
  })
  return cookieHeaderAfter(sent, lines)
}

/** Asks whether cookies can be set: where they cannot, Next says so before it looks at what is to be removed. */
function readOnlyReason(store: Awaited<ReturnType<typeof cookieStore>>): Error | null {
  const writable = new Error('Cookies can be set.')
  try {
    store.delete({
      get name(): string {
        throw writable
      },
    })
  } catch (error) {
    return error === writable ? null : (error as Error)
  }
  return null
}
