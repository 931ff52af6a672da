import { demo } from '../../lib/auth.ts'

export async function GET(): Promise<Response> {
  const ok = await demo().isHealthy()
  return Response.json({ ok }, { status: ok ? 200 : 503 })
}

export const dynamic = 'force-dynamic'
