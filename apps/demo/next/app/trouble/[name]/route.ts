import type { NextRequest } from 'next/server'
import { makeTrouble } from '../../../../src/make-trouble.ts'
import { demo } from '../../../lib/auth.ts'

export async function POST(request: NextRequest, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  const location = await makeTrouble(demo(), request, (await params).name)
  return new Response(null, { status: 303, headers: { location } })
}
