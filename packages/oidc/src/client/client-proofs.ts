import { parseStrictJson } from '@latchkey/core/crypto'
import type { VendorAnswer } from '@latchkey/core/http'
import type { Seconds } from '@latchkey/core/provider'
import type { ClientAuth } from 'oauth4webapi'
import { oidcError } from '../errors/oidc-errors.ts'

/** The ways to prove the client, and what is known of them. */
export interface ClientSecrets {
  /** In the order in which they are tried. */
  readonly all: readonly [ClientAuth, ...ClientAuth[]]
  /** The one that the provider took last; it is tried first. */
  working: ClientAuth
  /** Whether the provider has taken it, and has not refused it since. */
  isProven: boolean
  /** When all of them were refused; null while that has not happened since one worked. */
  refusedAt: Seconds | null
  /** The request that finds out which one works, while none is proven. Never rejects. */
  probe: Promise<void> | null
}

/** Nothing is known before the first request. */
export function unprovenSecrets(all: readonly [ClientAuth, ...ClientAuth[]]): ClientSecrets {
  return { all, working: all[0], isProven: false, refusedAt: null, probe: null }
}

/** The proofs of one request, one after the other. */
export interface ProofTrial {
  /** The proof to send with. */
  readonly proof: ClientAuth
  /** Whether the answer refuses the client and there is another proof to try: then `proof` is that one. */
  triesAnother(answer: VendorAnswer): boolean
  /** Ends the trial, however it went: those who wait for it go on. */
  end(): void
}

/**
 * Begins a request with the proof that worked last; the others follow if that one is refused. While none is known to
 * work, one request finds out for those who wait for it: vendors lock clients that send many wrong secrets.
 *
 * @throws `oidc/client_refused` for 30 seconds after all were refused
 */
export async function startTrial({ secrets, clock }: ProvingClient): Promise<ProofTrial> {
  if (!secrets.isProven && secrets.probe !== null) await secrets.probe
  requireUnrefused(secrets, clock())
  let end = (): void => {}
  if (!secrets.isProven && secrets.probe === null) {
    secrets.probe = new Promise((resolve) => {
      end = () => {
        secrets.probe = null
        resolve()
      }
    })
  }
  const others = secrets.all.filter((other) => other !== secrets.working)
  // Written to: V8 would keep an accessor, and all that it closes over, until its next full collection.
  const trial: { -readonly [Member in keyof ProofTrial]: ProofTrial[Member] } = {
    proof: secrets.working,
    triesAnother(answer) {
      const isRefused = isClientRefused(answer)
      const next = isRefused ? others.shift() : undefined
      if (next !== undefined) {
        trial.proof = next
        return true
      }
      // An error of another kind is an answer too, but a server that fails has not looked at the proof.
      if (answer.ok || (!isRefused && answer.status === 400)) {
        Object.assign(secrets, { working: trial.proof, isProven: true, refusedAt: null })
      } else if (isRefused) {
        Object.assign(secrets, { isProven: false, refusedAt: clock() })
      }
      return false
    },
    end: () => end(),
  }
  return trial
}

/** A client that has to prove itself. */
interface ProvingClient {
  readonly secrets: ClientSecrets
  readonly clock: () => Seconds
}

const refusedSeconds = 30

function requireUnrefused({ refusedAt }: ClientSecrets, now: Seconds): void {
  // Absolute: a clock that is set back must not make the pause longer.
  if (refusedAt !== null && Math.abs(now - refusedAt) < refusedSeconds) throw oidcError('oidc/client_refused')
}

/**
 * Whether an answer refuses the client itself, so that another of its proofs may help.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export function isClientRefused({ status, bytes }: VendorAnswer): boolean {
  return (status === 400 || status === 401) && parseStrictJson(bytes)?.['error'] === 'invalid_client'
}
