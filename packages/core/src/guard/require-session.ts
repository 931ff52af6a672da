import type { SessionGrant } from '../auth.ts'
import { isAuthError } from '../errors/auth-error.ts'
import type { Incoming } from '../request/incoming.ts'
import { checkOwnPage, isUnsafe } from '../request/request-source.ts'
import type { Wiring } from '../wiring.ts'
import { readSession } from './read-session.ts'
import { checkRequirement, meetRequirement, type SessionRequirement } from './requirement.ts'

/** Reads the session of a request and refuses the request if the session does not meet the requirement. */
export async function requireSession(
  wiring: Wiring,
  incoming: Incoming,
  { requirement: given, writable }: { readonly requirement: SessionRequirement; readonly writable: boolean },
): Promise<SessionGrant> {
  const requirement = checkRequirement(given, [...wiring.providers.keys()])
  if (isUnsafe(incoming.method) && requirement.crossOrigin !== 'allow') {
    const { origin } = wiring.origins.resolve(incoming)
    checkOwnPage(incoming, { origin, trustedOrigins: wiring.trustedOrigins })
  }
  const reading = await readSession(wiring, incoming, writable)
  try {
    meetRequirement(reading.session, requirement, wiring.clock())
  } catch (error) {
    if (isAuthError(error) && error.code === 'auth/step_up_required') {
      wiring.emit({ at: wiring.clock(), type: 'step_up.required', code: error.code }, undefined)
    }
    throw error
  }
  // `reading` itself: its headers are made when they are read.
  return Object.assign(reading, { kind: 'session' as const, session: reading.session })
}
