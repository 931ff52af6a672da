import { demo } from '../../lib/auth.ts'

/** Healthy is who is wired: a setting that is wrong shows here, not with the first person. */
export function GET(): Response {
  return Response.json({ ok: demo().auth.routes.length > 0 })
}

export const dynamic = 'force-dynamic'
