import { headers } from 'next/headers'
import type { NextRequest } from 'next/server'
import { demo } from './auth.ts'

type Handler<Context> = (request: NextRequest, context: Context) => Promise<Response>

/** A route handler whose requests are followed for the timeline. */
export function followed<Context>(handler: Handler<Context>): Handler<Context> {
  return (request, context) => followResponse(request, () => handler(request, context))
}

/** Follows one request for the timeline. */
export async function followResponse<Answer extends Response>(
  { nextUrl, headers }: NextRequest,
  answer: () => Promise<Answer>,
): Promise<Answer> {
  const { backstage } = demo()
  if (backstage === null) return answer()
  const request = backstage.follow({ path: nextUrl.pathname, cookie: headers.get('cookie') })
  const response = await request.run(answer)
  if (request.setCookie !== null) response.headers.append('set-cookie', request.setCookie)
  await request.flush()
  return response
}

/** Follows some work of a page for the timeline. */
export async function followPage<T>(work: () => Promise<T>): Promise<T> {
  const { backstage } = demo()
  if (backstage === null) return work()
  const request = backstage.follow({ path: '', cookie: (await headers()).get('cookie') })
  try {
    return await request.run(work)
  } finally {
    await request.flush()
  }
}
