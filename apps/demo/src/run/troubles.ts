import { readFileSync, writeFileSync } from 'node:fs'
import type { Systems } from './journeys.ts'

/** Makes the emulators misbehave in a way that has a name; false for a name that it does not know. */
export type TroubleMaker = (name: string) => Promise<boolean>

/** In seconds: a refresh is due, and the access token is valid for a few more seconds. */
const halfAnHour = 1770

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const refusedRefresh = { status: 400, contentType: 'application/json', body: '{"error":"invalid_grant"}' } as const

/** @param clockFile Where the servers read by how many seconds their time has been moved. */
export function createTroubleMaker({ wristband, wink, wise }: Systems, clockFile: string): TroubleMaker {
  const passTime = (seconds: number): void => {
    for (const system of [wristband, wink, wise]) system?.clock.advance(seconds)
    writeFileSync(clockFile, String(Number(readFileSync(clockFile, 'utf8')) + seconds))
  }
  const known: Readonly<Record<string, () => void | Promise<void> | undefined>> = {
    'expired-token': () => wristband?.mutateIdToken('expired'),
    'rotated-key': () => wristband?.rotateKeys({ retire: true }),
    outage: () => wristband?.fail('token', { status: 503 }),
    'other-tenant': () => wristband?.codeOfTenant('evil'),
    'other-face': () => undefined,
    'refused-refresh': () => {
      wristband?.fail('token', refusedRefresh)
      passTime(halfAnHour)
    },
    later: () => passTime(halfAnHour),
  }
  return async (name) => {
    const make = Object.hasOwn(known, name) ? known[name] : undefined
    if (make === undefined) return false
    // A fault that was planned earlier and has not happened yet is not to happen now.
    wristband?.clearFaults()
    await make()
    return true
  }
}
