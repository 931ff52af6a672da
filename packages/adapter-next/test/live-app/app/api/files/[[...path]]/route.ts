import type { Session } from '@latchkey/core'
import { route } from '../../../../lib/auth'

export const GET = route(
  { session: {} },
  async (_request, { params }: { readonly session: Session; readonly params: Promise<{ path?: string[] }> }) =>
    Response.json((await params).path?.length ?? 0),
)
