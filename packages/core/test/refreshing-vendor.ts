import type { InstalledProvider, Tokens } from '../src/index.ts'
import { acme } from './acme-provider.ts'

/** A vendor that rotates refresh tokens and, on seeing one for the second time, ends the whole sign-in. */
export interface RefreshingVendor {
  readonly provider: InstalledProvider
  /** How often it was asked for new tokens. */
  calls(): number
  /** Tokens as they are given at a sign-in. */
  issue(now: number): Tokens
}

export const lifetimeSeconds = 1800
const marginSeconds = 60

/** `beforeAnswer` holds each answer up. */
export function createRefreshingVendor(beforeAnswer: () => Promise<void> = async () => {}): RefreshingVendor {
  let count = 0
  let good = ''
  let calls = 0
  const issue = (now: number): Tokens => {
    good = `refresh-${++count}`
    const expiresAt = now + lifetimeSeconds
    return { accessToken: `access-${count}`, refreshToken: good, expiresAt, refreshAt: expiresAt - marginSeconds }
  }
  const provider: InstalledProvider = {
    name: 'acme',
    mount: (host) => ({
      ...acme('acme').mount(host),
      async refresh({ refreshToken }) {
        calls++
        const isGood = refreshToken === good
        good = isGood ? good : 'none: a token was used twice'
        const tokens = isGood ? issue(host.clock()) : null
        await beforeAnswer()
        return tokens === null ? { kind: 'ended', reason: 'invalid_grant' } : { kind: 'refreshed', tokens }
      },
    }),
  }
  return { provider, calls: () => calls, issue }
}
