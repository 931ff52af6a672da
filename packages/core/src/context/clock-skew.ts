import type { Seconds } from '../model/time.ts'
import type { SessionRecord } from '../session/record.ts'
import type { AuthContext } from './auth-context.ts'

/** How far the clocks of two of our processes, or of a vendor and us, may lie apart before it shows. */
export const clockToleranceSeconds: Seconds = 10

const pauseSeconds = 60

const reportedAt = new WeakMap<AuthContext, Seconds>()

/** Reports a session that another process began in this one's future: at most once a minute. */
export function reportSkew(context: AuthContext, { createdAt, refreshedAt }: SessionRecord): void {
  const at = context.clock()
  const aheadSeconds = Math.max(createdAt, refreshedAt ?? 0) - at
  if (aheadSeconds <= clockToleranceSeconds || at - (reportedAt.get(context) ?? -Infinity) < pauseSeconds) return
  reportedAt.set(context, at)
  context.emit(
    { at, type: 'clock.skewed', aheadSeconds, hint: 'Keep the clocks of all processes within a second (NTP).' },
    undefined,
  )
}
