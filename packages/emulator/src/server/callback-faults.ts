import type { Times } from './faults.ts'
import { mutationOf } from './known-names.ts'
import { createPlan, type Plan } from './plan.ts'

/** Changes what a callback says, in place. */
export type CallbackMutation = (answer: URLSearchParams) => void

/** Changes that need no code. */
export type NamedCallbackMutation =
  | 'duplicate-code'
  | 'duplicate-state'
  | 'missing-code'
  | 'missing-state'
  | 'wrong-state'
  | 'wrong-iss'
  | 'error-with-code'
  | 'wrong-tenant'
  | 'missing-tenant'

/** Faults in the addresses by which a system sends users back to the application. */
export interface CallbackFaults {
  /** Changes the next callback. */
  mutateCallback(mutation: NamedCallbackMutation | CallbackMutation, options?: Times): void
}

/** Changes callbacks as planned. */
export interface CallbackPlan {
  readonly faults: CallbackFaults
  /** Applies what is planned for this callback, if anything is. */
  apply(answer: URLSearchParams): void
  clear(): void
}

export function createCallbackPlan(): CallbackPlan {
  const plan: Plan<CallbackMutation> = createPlan()
  return {
    faults: {
      mutateCallback: (mutation, { times } = {}) => plan.add(mutationOf(mutation, named), times),
    },
    apply: (answer) => plan.take()?.(answer),
    clear: () => plan.clear(),
  }
}

const named: Record<NamedCallbackMutation, CallbackMutation> = {
  'duplicate-code': (answer) => answer.append('code', 'another-code'),
  'duplicate-state': (answer) => answer.append('state', answer.get('state') ?? ''),
  'missing-code': (answer) => answer.delete('code'),
  'missing-state': (answer) => answer.delete('state'),
  'wrong-state': (answer) => answer.set('state', 'another-state'),
  'wrong-iss': (answer) => answer.set('iss', 'http://localhost:1/another-issuer'),
  'error-with-code': (answer) => answer.set('error', 'server_error'),
  'wrong-tenant': (answer) => answer.set('tenant_name', 'globex'),
  'missing-tenant': (answer) => answer.delete('tenant_name'),
}
