import type { Grant } from '@latchkey/core'
import { route } from '../../../../lib/auth'

export const GET = route(
  { session: {} },
  async (_request, { grant, params }: RouteContext<'/api/greetings/[name]'> & { readonly grant: Grant }) =>
    new Response(`${grant.kind} of ${(await params).name}`, {
      headers: [
        ['set-cookie', 'greeted=1; Path=/'],
        ['set-cookie', 'often=yes; Path=/'],
        ['cache-control', 'public, max-age=60'],
      ],
    }),
)
