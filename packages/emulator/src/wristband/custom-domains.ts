import type { Handler } from '../server/router.ts'
import { baseError, constraintViolations } from './api-errors.ts'
import type { WristbandState } from './state.ts'
import { withPortOf } from './tenant-host.ts'

/** POST /api/v1/custom-domains/validate: whether a host is an active domain of one of the application's tenants. */
export const validateCustomDomain =
  (state: WristbandState): Handler =>
  async (request, { note }) => {
    const body = await readJson(request)
    if (body === undefined) {
      note('invalid_request')
      return baseError(400, { code: 'invalid_request', message: 'The body must be a JSON object.' })
    }
    const { tenantCustomDomain } = body
    if (typeof tenantCustomDomain !== 'string' || tenantCustomDomain === '') {
      note('message_body_constraint_violations')
      return constraintViolations({ tenantCustomDomain: [{ code: 'not_blank' }] })
    }
    return Response.json({ valid: isCustomDomain(state, tenantCustomDomain) })
  }

/** With our port, as a browser needs it, or without. */
function isCustomDomain({ application, url }: WristbandState, host: string): boolean {
  return [...application.customDomains.keys()].some((own) => host === own || host === withPortOf(url, own))
}

async function readJson(request: Request): Promise<Record<string, unknown> | undefined> {
  try {
    const body: unknown = JSON.parse(await request.text())
    return typeof body === 'object' && body !== null ? { ...body } : undefined
  } catch {
    return undefined
  }
}
