import type {
  BearerRequirement,
  BearerToken,
  HeaderEntries,
  Identity,
  Json,
  Session,
  SessionPatch,
  SessionRequirement,
} from '@latchkey/core'

/** A route of the example app, which a mount serves by the ways of its framework. */
export interface ExampleRoute {
  /** Without parameters; to be served under the `prefix` of the mount. */
  readonly path: `/${string}`
  /** The methods that it takes. */
  readonly methods: readonly ('GET' | 'POST')[]
  /** What stands before its handler. */
  readonly guard: ExampleGuard
  /** What the handler does. Rejects where the handler is to fail. */
  answer(seen: SeenRequest): Promise<ExampleAnswer>
}

/** What stands before a handler: nothing, a reading of the session that requires none, or a requirement. */
export type ExampleGuard =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'reading' }
  | { readonly kind: 'session'; readonly session: SessionRequirement }
  | { readonly kind: 'bearer'; readonly bearer: BearerRequirement }
  | { readonly kind: 'either'; readonly session: SessionRequirement; readonly bearer: BearerRequirement }

/** What a handler sees of its request, by the ways of the framework. */
export interface SeenRequest {
  /** What the guard read or let pass, if it did. */
  readonly session?: Session | null
  /** The token that the guard let pass, if it did. */
  readonly bearer?: BearerToken
  /** The body as the app's own parser gives it; needed where nothing is read or required. */
  readonly body?: unknown
  /** What the adapter offers to a handler, for this request. */
  readonly calls: ExampleCalls
}

/** The adapter's own functions, on the request of a handler. */
export interface ExampleCalls {
  /** The adapter's function, for this request. */
  getSession(): Promise<Session | null>
  /** The adapter's function, for this request. */
  getAccessToken(provider: string): Promise<string>
  /** The adapter's function, for this request. */
  updateSession(data: SessionPatch): Promise<Session>
}

/** What a handler answers. */
export interface ExampleAnswer {
  /** Headers of the app's own, each to be added. */
  readonly headers: HeaderEntries
  /** Sent as JSON, or chunk by chunk as `text/plain`. */
  readonly body: { readonly [name: string]: Json } | ReadableStream<Uint8Array<ArrayBuffer>>
}

/** What every answer behind a requirement holds, and no other may. */
export const protectedMarker = 'protected-marker'

/** What the routes of the example app are made with. */
export interface ExampleRoutesOptions {
  /** What happens while the handler of `/meanwhile` runs. */
  meanwhile(): Promise<void>
  /** Resolves when a stream may send its second and last chunk. */
  readonly secondChunk: Promise<void>
}

/** Makes the routes of the example app. */
export function exampleRoutes({ meanwhile, secondChunk }: ExampleRoutesOptions): readonly ExampleRoute[] {
  const session = { kind: 'session', session: {} } as const
  const stream = async (): Promise<ExampleAnswer> => ({ headers: [], body: twoChunks(secondChunk) })
  return [
    {
      path: '/public',
      methods: ['GET', 'POST'],
      guard: { kind: 'nothing' },
      answer: async () => json({ public: true }),
    },
    {
      path: '/echo',
      methods: ['POST'],
      guard: { kind: 'nothing' },
      answer: async ({ body }) => json({ body: body as Json }),
    },
    { path: '/read', methods: ['GET'], guard: { kind: 'reading' }, answer: describeUser },
    { path: '/protected', methods: ['GET', 'POST'], guard: session, answer: describeUser },
    { path: '/api/protected', methods: ['GET', 'POST'], guard: session, answer: describeUser },
    {
      path: '/stepped-up',
      methods: ['GET'],
      guard: { kind: 'session', session: { maxAuthAgeSeconds: 300 } },
      answer: describeUser,
    },
    { path: '/bearer', methods: ['GET', 'POST'], guard: { kind: 'bearer', bearer: {} }, answer: describeUser },
    {
      path: '/scoped',
      methods: ['GET'],
      guard: { kind: 'bearer', bearer: { scopes: ['example:write'] } },
      answer: describeUser,
    },
    {
      path: '/either',
      methods: ['GET', 'POST'],
      guard: { kind: 'either', session: {}, bearer: {} },
      answer: describeUser,
    },
    {
      path: '/own-headers',
      methods: ['GET'],
      guard: session,
      answer: async (seen) => ({ ...(await describeUser(seen)), headers: ownHeaders }),
    },
    { path: '/several-calls', methods: ['GET', 'POST'], guard: session, answer: callSeveralTimes },
    {
      path: '/failing',
      methods: ['GET'],
      guard: session,
      async answer() {
        throw new Error('of the app')
      },
    },
    {
      path: '/meanwhile',
      methods: ['GET'],
      guard: session,
      async answer(seen) {
        await meanwhile()
        return describeUser(seen)
      },
    },
    { path: '/stream', methods: ['GET'], guard: { kind: 'nothing' }, answer: stream },
    { path: '/protected-stream', methods: ['GET'], guard: session, answer: stream },
  ]
}

const ownHeaders: HeaderEntries = [
  ['set-cookie', 'theme=dark; Path=/'],
  ['set-cookie', 'region=eu; Path=/'],
  ['cache-control', 'public, max-age=60'],
  ['vary', 'Accept-Encoding'],
]

function json(body: { readonly [name: string]: Json }): ExampleAnswer {
  return { headers: [], body }
}

async function describeUser({ session, bearer }: SeenRequest): Promise<ExampleAnswer> {
  // Whatever else is under way gets its turn: users must not be mixed up by that.
  await new Promise((resolve) => void setTimeout(resolve))
  const [identity] = identitiesOf(session)
  const isPassed = identity !== undefined || bearer !== undefined
  return json({
    ...(isPassed && { marker: protectedMarker }),
    kind: bearer === undefined ? 'session' : 'bearer',
    subject: bearer?.subject ?? identity?.subject ?? null,
    name: identity?.profile.name ?? null,
  })
}

/** Reads, refreshes and changes a session in one request; each call must see what those before it did. */
async function callSeveralTimes(seen: SeenRequest): Promise<ExampleAnswer> {
  const { calls } = seen
  const visitsOf = (session: Session | null): number => (session?.data as { visits?: number } | undefined)?.visits ?? 0
  const before = await calls.getSession()
  const token = await calls.getAccessToken('example')
  const changed = await calls.updateSession({ visits: visitsOf(before) + 1 } as SessionPatch)
  const again = await calls.getAccessToken('example')
  const after = await calls.getSession()
  const { body } = await describeUser(seen)
  return json({
    ...(body as { readonly [name: string]: Json }),
    hasToken: token !== '' && token === again,
    name: after === null ? null : (identitiesOf(after)[0]?.profile.name ?? null),
    visits: [visitsOf(changed), visitsOf(after)],
  })
}

function identitiesOf(session: Session | null | undefined): readonly Identity[] {
  return Object.values((session?.identities ?? {}) as Readonly<Record<string, Identity>>)
}

function twoChunks(second: Promise<void>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  let isFirst = true
  return new ReadableStream({
    async pull(controller) {
      if (isFirst) {
        isFirst = false
        controller.enqueue(encoder.encode(`first of ${protectedMarker}\n`))
        return
      }
      await second
      controller.enqueue(encoder.encode('second\n'))
      controller.close()
    },
  })
}
