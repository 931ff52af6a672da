import type { NextRequest } from 'next/server'
import { makeTrouble } from '../../../../src/make-trouble.ts'
import { demo } from '../../../lib/auth.ts'

export async function POST(request: NextRequest, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  const { name } = await params
  const location = await makeTrouble(demo(), { name, site: request.headers.get('sec-fetch-site') })
  return new Response(null, { status: 303, headers: { location } })
}
