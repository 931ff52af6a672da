import type { AuthContext } from '../context/auth-context.ts'
import { coreError } from '../errors/core-errors.ts'
import { isJsonObjectAlone, type JsonObject } from '../model/json.ts'
import { jsonAnswer } from '../request/response.ts'
import { sessionFrom } from '../session/record.ts'
import { publicSession } from './public-session.ts'
import type { MountedRoute } from './route-table.ts'

/** `GET {basePath}/session`: 200 either way. It never extends the idle time. */
export function sessionRoute({ basePath, sessionResponse }: AuthContext): MountedRoute {
  return {
    method: 'GET',
    path: `${basePath}/session`,
    accepts: 'any',
    kind: 'session',
    provider: null,
    isReadByTrustedPages: true,
    async run(_request, { record }) {
      const session = record === null ? null : sessionFrom(record)
      const app = session === null ? undefined : sessionResponse?.(session)
      return jsonAnswer(publicSession(session, checkApp(app)))
    },
  }
}

/** Refuses what would be sent as something else than it is: a promise as an empty object, a date as a text. */
function checkApp(app: unknown): JsonObject | undefined {
  if (app === undefined || isJsonObjectAlone(app)) return app
  throw coreError('core/internal_error', {
    hint: '`sessionResponse` of `createAuth` must answer a plain JSON object, and no promise.',
  })
}
