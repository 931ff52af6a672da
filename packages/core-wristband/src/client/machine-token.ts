import { sha256 } from '@latchkey/core/crypto'
import type { Seconds } from '@latchkey/core/provider'
import { clientCredentials } from '@latchkey/oidc'
import type { Application } from '../application/application.ts'

/** What {@link WristbandClient.machineToken} is asked. */
export interface MachineTokenRequest {
  /** The token that an API has just answered 401 to: it is not handed out again. */
  readonly refused?: string | undefined
}

interface MachineToken extends Record<string, string | number> {
  readonly accessToken: string
  /** Until when it is given out; callers need time to use it. */
  readonly goodUntil: Seconds
}

const earlySeconds = 60

const longestSeconds = 86_400

/** Gives out tokens of the application itself: one for all callers, and a new one early enough before it expires. */
export function createMachineTokens(application: Application): (request?: MachineTokenRequest) => Promise<string> {
  const { clock, work } = application
  let current: MachineToken | null = null
  let flight: Promise<MachineToken> | null = null

  /** The token that follows another: one for all who share the work. */
  async function next(spent: MachineToken | null): Promise<MachineToken> {
    const key = `wristband machine token ${application.origin} ${application.clientId} ${await nameOf(spent)}`
    const token = await work.once(key, { lifetime: longestSeconds, work: () => requestToken(application) })
    // Others may be further on: those who come late follow.
    return token.goodUntil > clock() ? token : next(token)
  }

  return async ({ refused } = {}) => {
    const isGood = current !== null && current.goodUntil > clock() && current.accessToken !== refused
    if (current !== null && isGood) return current.accessToken
    flight ??= next(current).finally(() => {
      flight = null
    })
    current = await flight
    return current.accessToken
  }
}

async function requestToken({ connection, clock }: Application): Promise<MachineToken> {
  const { oidc } = await connection()
  const { accessToken, expiresAt } = await clientCredentials(oidc)
  const now = clock()
  const lifetime = Math.min(expiresAt - now, longestSeconds)
  // Of a short life half is left to the callers; one that says it is over still serves those who wait for it.
  const goodSeconds = lifetime - Math.min(earlySeconds, Math.floor(lifetime / 2))
  return { accessToken, goodUntil: now + Math.max(1, goodSeconds) }
}

async function nameOf(token: MachineToken | null): Promise<string> {
  return token === null ? 'first' : `after ${await sha256(token.accessToken)}`
}
