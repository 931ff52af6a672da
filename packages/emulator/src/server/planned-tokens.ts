import type { Times } from './faults.ts'
import { createPlan } from './plan.ts'
import type { SigningKeys } from './signing-keys.ts'
import { type NamedTokenMutation, type TokenDraft, type TokenMutation, tokenMutation } from './token-draft.ts'

/** Faults in the tokens that a system issues. */
export interface TokenFaults {
  /** Changes the next ID token, or leaves it out. */
  mutateIdToken(mutation: NamedTokenMutation | TokenMutation, options?: Times): void
  /** Changes the next access token, or leaves it out. */
  mutateAccessToken(mutation: NamedTokenMutation | TokenMutation, options?: Times): void
}

/** Signs tokens as they should be, or as a planned fault wants the next one. */
export interface TokenSigner {
  readonly faults: TokenFaults
  idToken(draft: TokenDraft): Promise<string | undefined>
  accessToken(draft: TokenDraft): Promise<string | undefined>
  clear(): void
}

export function createTokenSigner(keys: SigningKeys): TokenSigner {
  const plans = { id: createPlan<TokenMutation>(), access: createPlan<TokenMutation>() }
  const sign = async (draft: TokenDraft, mutation: TokenMutation | undefined): Promise<string | undefined> => {
    const changed = mutation ? mutation(draft) : draft
    return changed ? keys.sign(changed) : undefined
  }
  return {
    faults: {
      mutateIdToken: (mutation, { times } = {}) => plans.id.add(tokenMutation(mutation), times),
      mutateAccessToken: (mutation, { times } = {}) => plans.access.add(tokenMutation(mutation), times),
    },
    idToken: (draft) => sign(draft, plans.id.take()),
    accessToken: (draft) => sign(draft, plans.access.take()),
    clear() {
      plans.id.clear()
      plans.access.clear()
    },
  }
}
