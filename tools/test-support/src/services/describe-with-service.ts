import { describe, it } from 'vitest'
import { absence, chromium, postgres, redis, type Service } from './service.ts'

/**
 * A suite that needs a browser. On a machine without one it is skipped, and says why and what to do; under `CI=true` it
 * fails.
 */
export function describeWithBrowser(title: string, suite: () => void): void {
  describeWithService(chromium, title, suite)
}

/** A suite that needs a Redis server: like {@link describeWithBrowser}. */
export function describeWithRedis(title: string, suite: () => void): void {
  describeWithService(redis, title, suite)
}

/** A suite that needs PostgreSQL: like {@link describeWithBrowser}. */
export function describeWithPostgres(title: string, suite: () => void): void {
  describeWithService(postgres, title, suite)
}

function describeWithService(service: Service, title: string, suite: () => void): void {
  if (!service.isMissing()) {
    describe(title, suite)
    return
  }
  const reason = absence(service)
  if (process.env['CI'] === 'true') {
    describe(title, () => {
      it(`has ${service.name}`, () => {
        throw new Error(reason)
      })
    })
    return
  }
  console.warn(`Skipped: ${title}. ${reason}`)
  describe.skip(title, suite)
}
