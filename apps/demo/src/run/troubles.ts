import { readFileSync, writeFileSync } from 'node:fs'
import type { Systems } from './journeys.ts'

/** Makes the emulators misbehave in a way that has a name; false for a name that it does not know. */
export type TroubleMaker = (name: string) => Promise<boolean>

const halfAnHour = 1770

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
    'reused-refresh-token': () => {
      if (wristband !== null) wristband.switches.reuseRefresh = 'revoke-family'
      passTime(halfAnHour)
    },
    later: () => passTime(halfAnHour),
  }
  return async (name) => {
    const make = Object.hasOwn(known, name) ? known[name] : undefined
    if (make === undefined) return false
    // What was asked for before and never met is not to surprise anyone now.
    wristband?.clearFaults()
    if (wristband !== null) wristband.switches.reuseRefresh = 'accept'
    await make()
    return true
  }
}
