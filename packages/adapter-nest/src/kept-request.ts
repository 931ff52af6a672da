import type { ServerResponse } from 'node:http'
import {
  type Authenticated,
  type BearerToken,
  createRequestState,
  type RequestScope,
  type Session,
} from '@latchkey/core/adapter'
import { type AnyRequest, rawRequest } from './platform.ts'

/** What is kept of a request, for its guards, its parameters and its handler. */
export interface KeptRequest {
  /** Fastify's request does not lead to its reply. */
  response?: ServerResponse
  /** In which all questions about the request are asked. */
  scope?: RequestScope
  /** What the guards of each instance found, by its name. */
  passed?: Map<string | undefined, Passed>
}

/** What the guards of an instance let pass: a member is undefined if no guard asked for it. */
export interface Passed {
  /** Null where `@OptionalSession()` found none. */
  readonly session?: Session | null
  readonly bearer?: BearerToken
  /** The last one that passed. */
  readonly auth?: Authenticated
}

// One for all: to define a member costs as much as to read a cookie.
const requests = createRequestState<KeptRequest>('nest.request')

/** What is kept of a request. Set its members to keep more. */
export function keptOf(request: AnyRequest): KeptRequest {
  const key = rawRequest(request)
  const known = requests.get(key)
  if (known !== undefined) return known
  const kept: KeptRequest = {}
  requests.set(key, kept)
  return kept
}

/** The response to a request; null where there is none, or none that is known. */
export function findResponse(request: AnyRequest): ServerResponse | null {
  // Express sets `res`.
  const { res } = request as { readonly res?: ServerResponse }
  return res ?? keptOf(request).response ?? null
}
