import type { NextRequest } from 'next/server'
import { requireSession, updateSession } from '../../lib/auth'
import { placeOf } from '../../lib/place'

/** The same without `route`. */
export async function GET({ nextUrl }: NextRequest) {
  const { user: reader, data } = await requireSession({}, { returnTo: placeOf('/plain') })
  if (!nextUrl.searchParams.has('count')) return new Response(`plain for ${reader.subject}`)
  const { user, data: changed } = await updateSession({ visits: (data.visits ?? 0) + 1 })
  return new Response(`${user.profile.name}: ${changed.visits} visits`)
}
