import type { Session } from '@latchkey/core'
import { route } from '../../../../lib/auth'

export const GET = route(
  { session: {} },
  async (_request, { session, params }: RouteContext<'/api/greetings/[name]'> & { readonly session: Session }) =>
    new Response(`${session.user.provider} greets ${(await params).name}`, {
      headers: [
        ['set-cookie', 'greeted=1; Path=/'],
        ['set-cookie', 'often=yes; Path=/'],
        ['cache-control', 'public, max-age=60'],
      ],
    }),
)
