/**
 * What is used of Next where Node loads us, in a test or a custom server: `next` has no `exports`, so Node finds its files
 * by their full names alone.
 *
 * @module
 */
import { cookies, headers } from 'next/headers.js'
import { redirect } from 'next/navigation.js'
import { NextRequest, NextResponse } from 'next/server.js'

/** The headers of the request that runs. While a page is prerendered this ends it. */
export function sentHeaders(): ReturnType<typeof headers> {
  return headers()
}

/** The cookies of that request, with those that its response sets by now. */
export function cookieStore(): ReturnType<typeof cookies> {
  return cookies()
}

/** Ends a page, action or route handler with a redirect. */
export function redirectTo(location: string): never {
  return redirect(location)
}

export { NextRequest, NextResponse }
