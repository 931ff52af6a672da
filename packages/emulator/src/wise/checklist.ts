/** One thing that the emulator looked at, in words. */
export interface Check {
  readonly title: string
  readonly passed: boolean
  readonly note?: string
}

/** Why a launch is refused. `hint` says what the mistake usually is. */
export interface LaunchRefusal {
  readonly code: LaunchRefusalCode
  readonly detail: string
  readonly hint?: string
}

export type LaunchRefusalCode =
  | 'missing_token'
  | 'malformed'
  | 'bad_algorithm'
  | 'bad_signature'
  | 'bad_expiry'
  | 'expired'
  | 'not_yet_valid'
  | 'ttl_too_long'
  | 'identity_count'
  | 'bad_profile'
  | 'bad_nonce'
  | 'nonce_missing'
  | 'nonce_replayed'
  | 'unknown_user'
  | 'suspended'
  | 'profile_not_allowed'
  | 'bad_role'

/** Checks in their order; the first that does not pass ends the launch. */
export interface Checklist {
  readonly checks: readonly Check[]
  /** @throws RefusedLaunch if `passed` is false. */
  demand(title: string, passed: boolean, refusal: LaunchRefusal): asserts passed
  /** Writes down something that ends nothing. */
  remark(check: Check): void
}

/** Carries a refusal from the check that failed to the handler that answers. */
export class RefusedLaunch extends Error {
  readonly refusal: LaunchRefusal
  constructor(refusal: LaunchRefusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

export function createChecklist(): Checklist {
  const checks: Check[] = []
  return {
    checks,
    demand(title, passed, refusal) {
      checks.push({ title, passed, ...(!passed && { note: refusal.detail }) })
      if (!passed) throw new RefusedLaunch(refusal)
    },
    remark: (check) => void checks.push(check),
  }
}
