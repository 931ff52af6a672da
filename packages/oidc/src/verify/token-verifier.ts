import { type PublicKey, readUnverifiedJwt, sha256 } from '@latchkey/core/crypto'
import {
  type Awaitable,
  andThen,
  deepFreeze,
  type JsonObject,
  type ReadToken,
  type Seconds,
  systemClock,
} from '@latchkey/core/provider'
import { requireTimes } from './claims.ts'
import type { KeyHeader } from './jwks.ts'
import { type VerifiedJwt, type VerifyJwtOptions, verifyWhole } from './verify-jwt.ts'

/** Verifies the access tokens of callers, who present the same ones again and again. */
export interface TokenVerifier<Verified> {
  /** {@link TokenVerifier.recall}, and where that says nothing {@link TokenVerifier.verifyAnew}. */
  verify(token: string): Promise<Verified>
  /**
   * What the very token of this SHA-256 (base64url) was found to say within the last 5 minutes, if its key is still in the set of now, and `exp`, `nbf`
   * and `iat` still hold. Else null, and the token is forgotten. A key set that is due is fetched, in the background.
   */
  recall(digest: string): Awaitable<Verified | null>
  /**
   * Verifies a token whole, at once where its key is at hand, and remembers it if it is good.
   *
   * @param read The same token, read already.
   * @throws the codes of `verifyJwt`, and what `read` throws
   */
  verifyAnew(token: string, read: ReadToken): Awaitable<Verified>
}

/**
 * Makes a verifier with a memory of its own: at most 1,000 good tokens and 4 MB, each for 5 minutes. What it hands out is
 * frozen, deeply. A token that was refused is not remembered.
 *
 * @param read What the claims mean to the caller, with further checks. Called once for a token that is remembered, so what
 *   it says must depend on the token alone.
 */
export function createTokenVerifier<Verified extends object>(
  options: VerifyJwtOptions,
  read: (jwt: VerifiedJwt) => Verified,
): TokenVerifier<Verified> {
  const { jwks, clock = systemClock, clockToleranceSeconds } = options
  const tokens = new VerifiedTokens<Verified>()

  // Keys that are at hand answer at once: with a promise for each question a hit would cost a third more.
  function recall(digest: string): Awaitable<Verified | null> {
    const known = tokens.get(digest)
    if (known === undefined) return null
    const answer = (isHeld: boolean): Verified | null => {
      if (isHeld && isInTime(known.claims)) return known.verified
      tokens.delete(digest)
      return null
    }
    const isHeld = isYoung(known, clock()) && jwks.holds(known.keyHeader, known.key, 'bearer')
    if (typeof isHeld === 'boolean') return answer(isHeld)
    return isHeld.then(answer, () => answer(false))
  }

  function isInTime(claims: JsonObject): boolean {
    try {
      requireTimes(claims, clock(), clockToleranceSeconds)
      return true
    } catch {
      // Verifying anew says what is wrong.
      return false
    }
  }

  function verifyAnew(token: string, { jwt, digest }: Presented): Awaitable<Verified> {
    return andThen(verifyWhole(jwt, { ...options, trust: 'bearer' }), ({ header, claims, keyHeader, key }) => {
      const verified = deepFreeze(read({ header, claims }))
      const remembered = { verified, claims, keyHeader, key, rememberedAt: clock() }
      tokens.set(digest, remembered, token.length * bytesPerCharacter)
      return verified
    })
  }

  async function verify(token: string): Promise<Verified> {
    const digest = await sha256(String(token))
    return (await recall(digest)) ?? verifyAnew(token, { jwt: readUnverifiedJwt(token), digest })
  }

  return { recall, verifyAnew, verify }
}

type Presented = Pick<ReadToken, 'digest'> & { readonly jwt: ReadToken['jwt'] | null }

const mostSeconds = 5 * 60

const mostTokens = 1000

const mostBytes = 4 * 1024 * 1024

// Claims of any shape take less: 3.8 bytes of heap for each character of a token that is all empty lists.
const bytesPerCharacter = 4

interface VerifiedToken<Verified> {
  readonly verified: Verified
  readonly claims: JsonObject
  readonly keyHeader: KeyHeader
  readonly key: PublicKey
  readonly rememberedAt: Seconds
}

/**
 * By the SHA-256 of the whole token, the signature included. The older half goes as a whole: a map from which the first
 * entry is taken again and again looks for it among all that have gone.
 */
class VerifiedTokens<Verified> {
  #older = new Map<string, VerifiedToken<Verified>>()
  #newer = new Map<string, VerifiedToken<Verified>>()
  #weight = 0

  get(digest: string): VerifiedToken<Verified> | undefined {
    return this.#newer.get(digest) ?? this.#older.get(digest)
  }

  set(digest: string, token: VerifiedToken<Verified>, weight: number): void {
    if (this.#newer.size === mostTokens / 2 || this.#weight + weight > mostBytes / 2) {
      this.#older = this.#newer
      this.#newer = new Map()
      this.#weight = 0
    }
    this.#newer.set(digest, token)
    this.#weight += weight
  }

  delete(digest: string): void {
    this.#newer.delete(digest)
    this.#older.delete(digest)
  }
}

/** Absolute: a clock that is set back must not make a memory last longer. */
function isYoung({ rememberedAt }: VerifiedToken<unknown>, now: Seconds): boolean {
  return Math.abs(now - rememberedAt) < mostSeconds
}
