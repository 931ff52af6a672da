import type { NextRequest, NextResponse } from 'next/server'
import { proxy } from './lib/auth'

export function middleware(request: NextRequest): Promise<NextResponse> {
  return proxy(request)
}
