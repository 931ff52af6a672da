import type { BearerToken, Session } from '@latchkey/core'
import type { NextRequest } from 'next/server'
import { route } from '../../../../lib/auth'

/** The context with a type of its own. */
export const GET = route(
  { bearer: { scopes: ['orders:read'] } },
  async (_request, { bearer, params }: { readonly bearer: BearerToken; readonly params: Promise<{ id: string }> }) =>
    Response.json({ reader: bearer.subject, id: (await params).id }),
)

/** The context as Next types it. */
export const PUT = route(
  { session: {} },
  async (
    request: NextRequest,
    { session, params }: RouteContext<'/api/orders/[id]'> & { readonly session: Session },
  ): Promise<Response> => Response.json({ writer: session.user.subject, id: (await params).id, at: request.url }),
)

/** No type: the parameters may be any. */
export const DELETE = route({ session: {} }, async (_request, { params }) => Response.json((await params).id))
