import type { Auth, RequestLike } from '@latchkey/core'
import type { DemoEnvironment } from '../environment.ts'
import type { Backstage } from './backstage.ts'
import { journeyCookie, journeyOf, newJourney } from './journey-cookie.ts'
import { systemAt } from './system-at.ts'

/** The same auth, on any framework; what it does for a browser is told backstage. */
export function watchedAuth(auth: Auth, backstage: Backstage, environment: DemoEnvironment): Auth {
  const accompany = <T>({ headers }: RequestLike, work: () => Promise<T>): Promise<T> =>
    backstage.accompany(journeyOf(headers), work)

  async function handle(...[request, extra]: Parameters<Auth['handle']>): Promise<Response> {
    const known = journeyOf(request.headers)
    const journey = known ?? newJourney()
    await backstage.accompany(journey, async () => tellReturn(backstage, new URL(request.url)))
    return backstage.accompany(journey, async () => {
      const response = await auth.handle(request, extra)
      const location = response.headers.get('location')
      const system = location === null ? null : systemAt(environment, new URL(location, request.url))
      if (system === null) return response
      backstage.tell({ kind: 'redirect', system })
      if (known === null) response.headers.append('set-cookie', journeyCookie(journey))
      return response
    })
  }

  return {
    ...auth,
    handle,
    read: (incoming, options) => accompany(incoming, () => auth.getSession(incoming, options)),
    requireSession: (incoming, ...rest) => accompany(incoming, () => auth.requireSession(incoming, ...rest)),
    requireBearer: (incoming, requirement) => accompany(incoming, () => auth.requireBearer(incoming, requirement)),
    requireSessionOrBearer: (incoming, requirement) => accompany(incoming, () => auth.requireSessionOrBearer(incoming, requirement)),
    tokens: (incoming, ...rest) => accompany(incoming, () => auth.getAccessToken(incoming, ...rest)),
  }
}

function tellReturn(backstage: Backstage, { pathname }: URL): void {
  if (/^\/auth\/wristband\/callback$|^\/auth\/logout\/next$/.test(pathname)) {
    backstage.tell({ kind: 'return', system: 'wristband' })
  }
  if (/^\/auth\/wink\/(?:callback|cancel)$|^\/auth\/logout\/next$/.test(pathname)) {
    backstage.tell({ kind: 'return', system: 'wink' })
  }
}
