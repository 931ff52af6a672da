/**
 * What is used of Next where Next bundles us: by these names it finds what it has made for each of its layers. Functions of
 * our own, so that it can say which component uses what it must not.
 *
 * @module
 */
import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { NextRequest, NextResponse } from 'next/server'

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
