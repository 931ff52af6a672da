import { type RequestLike, isAuthError } from '@latchkey/core'
import { journeyOf } from './backstage/journey-cookie.ts'
import { halfAnHourLater, type Trouble, troubles } from './content/troubles.ts'
import type { Demo } from './demo.ts'
import { originAt } from './framework.ts'

/** The troubles that this demo can make: only emulators misbehave on request. */
export function possibleTroubles({ emulated, backstage }: Demo): readonly Trouble[] {
  return backstage === null ? [] : troubles.filter(({ system }) => emulated.includes(system))
}

/** Whether this demo can let time pass. */
export function canPassTime({ emulated, backstage }: Demo): boolean {
  return backstage !== null && emulated.includes(halfAnHourLater.system)
}

/**
 * Makes trouble, if a page of ours asks for it.
 *
 * @returns Where the browser goes to read what comes next.
 */
export async function makeTrouble(demo: Demo, incoming: RequestLike, name: string): Promise<string> {
  if (!isOwnPage(demo, incoming)) return refused
  if (name === halfAnHourLater.name && canPassTime(demo)) {
    await demo.backstage?.makeTrouble(name)
    return '/'
  }
  if (!possibleTroubles(demo).some((one) => one.name === name)) return refused
  if (name === 'reused-refresh-token') return `/error?code=${await reuseRefreshToken(demo, incoming)}`
  await demo.backstage?.makeTrouble(name)
  return `/trouble?made=${name}`
}

const refused = '/error?code=core/cross_origin'

/** Uses the user's refresh token as a thief with a copy would, and then as the app itself does. */
async function reuseRefreshToken(demo: Demo, incoming: RequestLike): Promise<string> {
  const { auth, backstage, wristband } = demo
  try {
    const { tokens } = await auth.getAccessToken(incoming, 'wristband', { readOnly: true })
    await wristband.refresh(tokens)
    await backstage?.makeTrouble('reused-refresh-token')
    await wristband.refresh(tokens)
  } catch (error) {
    if (!isAuthError(error)) throw error
    const { code, hint } = error
    await backstage?.accompany(journeyOf(incoming.headers), async () =>
      backstage.onEvent(
        { at: demo.clock(), type: 'provider.refresh_refused', provider: 'wristband', code, hint },
        { frameworkRequest: undefined },
      ),
    )
    return code
  }
  throw new Error('The emulator accepted a refresh token twice')
}

function isOwnPage({ framework, environment }: Demo, { headers }: RequestLike): boolean {
  const site = headers.get('sec-fetch-site')
  return site === null
    ? headers.get('origin') === originAt(environment.ports[framework])
    : site === 'same-origin' || site === 'none'
}
