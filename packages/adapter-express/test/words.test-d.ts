// Every name of the adapter, as an app uses it: without a cast, a hand-made request or a conditional spread.
import { createServer, type IncomingMessage } from 'node:http'
import {
  type AnyRequest,
  type AnyResponse,
  authOf,
  bearerOf,
  type GuardOptions,
  getAccessToken,
  getSession,
  type LatchkeyOptions,
  latchkey,
  type Middleware,
  requireBearer,
  requireSession,
  requireSessionOrBearer,
  type SessionEnd,
  type SessionOrBearerRequirement,
  sessionOf,
  type Upgrade,
  type UpgradeListener,
  updateSession,
  upgradeListener,
  upgradeOf,
  type WatchOptions,
  watchSession,
} from '@latchkey/adapter-express'
import type { Auth, Authenticated, AuthOptions, BearerToken, FrameworkRequest, Identity, Session } from '@latchkey/core'
import express, { type Express, type Request, Router } from 'express'

declare module '@latchkey/core' {
  interface Identities {
    example: Identity<'example'>
  }
  interface SessionData {
    visits?: number
  }
}

declare const auth: Auth
const options: LatchkeyOptions = { auth }
const readOnly: GuardOptions = { readOnly: undefined }
const either: SessionOrBearerRequirement = { session: { provider: 'example' }, bearer: { kind: 'any' } }
const fresh: Middleware = requireSession({ maxAuthAgeSeconds: 300, where: ({ user }) => user.subject !== '' }, readOnly)
const watching: WatchOptions = { everySeconds: 10, requirement: { maxAuthAgeSeconds: 300 } }

export function createApp(): Express {
  const app = express()
  app.use(latchkey(options))
  // @ts-expect-error nothing to mount
  latchkey({})
  // @ts-expect-error an unknown option
  latchkey({ auth, cookie: 'app' })

  const router = Router().use(requireSession())
  app.use('/admin', requireSession(), router)
  app.get('/', async (request, response) => {
    const session = await getSession(request)
    session satisfies Session | null
    response.send(session?.identities.example?.profile.name)
  })
  app.get('/accounts/:id', fresh, (request, response) => {
    sessionOf(request) satisfies Session
    request.params.id satisfies string
    response.json([request.params.id, sessionOf(request).user.subject])
  })
  app.get('/reports', requireBearer({ scopes: ['reports:read'] }), (request, response) => {
    bearerOf(request) satisfies BearerToken
    response.json(bearerOf(request).scopes)
  })
  app.get('/orders', [requireSessionOrBearer(either)], (request: Request<{ id: string }, string>) => {
    const passed: Authenticated = authOf(request)
    return void (passed.kind === 'session' ? passed.session.user.subject : passed.bearer.clientId)
  })
  router.get('/files', fresh, requireSession({ tenant: 't' }), async (request, response) => {
    const token: string = await getAccessToken(request, 'example')
    response.send(String(token.length))
  })
  app.post('/visits', async (request, response) => {
    const session = await updateSession(request, { visits: 1 })
    session satisfies Session
    await updateSession(request, { visits: undefined })
    // @ts-expect-error data of another type
    await updateSession(request, { visits: 'one' })
    // @ts-expect-error a provider that is not installed
    await getAccessToken(request, 'foreign')
    response.json(session.data.visits)
  })
  app.get('/live', requireSession(), async (request) => {
    const { socket, head }: Upgrade = upgradeOf(request)
    socket.write(head)
    const end: SessionEnd = await watchSession(request, watching)
    socket.end(end.reason)
  })
  return app
}

const listener: UpgradeListener = upgradeListener(createApp())
createServer(createApp()).on('upgrade', listener)

/** A middleware of the app's own around ours. */
export const logged = async (request: AnyRequest, response: AnyResponse, next: () => void): Promise<void> => {
  request satisfies IncomingMessage
  await fresh(request, response, next)
}

// @ts-expect-error an option that is undefined would watch less
void watchSession({} as Request, { requirement: undefined })
// @ts-expect-error a provider that is not installed
requireSession({ provider: 'foreign' })
// @ts-expect-error an unknown requirement
requireSession({ maxAge: 300 })
// @ts-expect-error a member that is undefined would let everyone pass
requireSession({ tenant: undefined })
// @ts-expect-error an unknown requirement
requireBearer({ scope: 'a' })
// @ts-expect-error only one of the two
requireSessionOrBearer({ session: {} })

/** Callbacks of the app get the request of Express, with its own type. */
export const onEvent: AuthOptions['onEvent'] = (_event, { frameworkRequest }) => {
  frameworkRequest satisfies Request
  const given: FrameworkRequest = frameworkRequest
  return given.ip
}
