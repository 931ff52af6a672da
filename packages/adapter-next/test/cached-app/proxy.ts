import type { NextRequest, NextResponse } from 'next/server'
import { proxy as latchkey } from './lib/auth'

export function proxy(request: NextRequest): Promise<NextResponse> {
  return latchkey(request)
}
