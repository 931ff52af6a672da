import { randomUUID } from 'node:crypto'
import { clients } from '../seed.ts'
import { isClient, readBasic } from '../server/oauth.ts'
import type { Handler } from '../server/router.ts'
import { problem, readJsonObject } from './api-json.ts'
import { isApplicationUrl } from './authorization.ts'
import type { WinkState } from './state.ts'

const sessionLifetimeSeconds = 300

/** POST /wink/v1/session: wrong tokens get 401 with an empty body, as the real API gives. */
export const createSession =
  (state: WinkState): Handler =>
  async (request, { note }) => {
    if (!isClient(readBasic(request), clients.wink)) {
      note('unauthorized')
      return new Response(null, { status: 401 })
    }
    const { returnUrl, cancelUrl } = await readJsonObject(request)
    const isOurs = (value: unknown): value is string => typeof value === 'string' && isApplicationUrl(state, value)
    if (!isOurs(returnUrl) || !isOurs(cancelUrl)) {
      note('bad_request')
      return problem(
        400,
        'returnUrl and cancelUrl are required: URLs of this machine, or of the origin of a registered redirect URI.',
      )
    }
    const sessionId = randomUUID()
    state.winkSessions.set(sessionId, { returnUrl, cancelUrl, used: false }, sessionLifetimeSeconds)
    return Response.json({ sessionId }, { headers: { 'cache-control': 'no-store' } })
  }
