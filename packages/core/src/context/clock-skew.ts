import { atMostEvery } from '../model/at-most-every.ts'
import type { Seconds } from '../model/time.ts'
import type { SessionRecord } from '../session/record.ts'
import type { AuthContext } from './auth-context.ts'

/** How far the clocks of two of our processes, or of a vendor and us, may lie apart before it shows. */
export const clockToleranceSeconds: Seconds = 10

/** Makes what reports a session that another process began or refreshed in this one's future: at most once a minute. */
export function skewReporter({ clock, emit }: Pick<AuthContext, 'clock' | 'emit'>): AuthContext['reportSkew'] {
  const report = atMostEvery(60, clock, (aheadSeconds: Seconds) =>
    emit(
      {
        at: clock(),
        type: 'clock.skewed',
        aheadSeconds,
        hint: 'Keep the clocks of all processes within a second (NTP).',
      },
      undefined,
    ),
  )
  return ({ createdAt, refreshedAt }: SessionRecord) => {
    const aheadSeconds = Math.max(createdAt, refreshedAt ?? 0) - clock()
    if (aheadSeconds > clockToleranceSeconds) report(aheadSeconds)
  }
}
