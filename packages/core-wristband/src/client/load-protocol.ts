import type * as protocol from './protocol.ts'

let loading: Promise<typeof protocol> | undefined

/**
 * Loads what speaks to Wristband when it is first needed: a guarded route needs none of it, and it takes a third of what
 * importing an app's packages takes. Once: `import()` of what is loaded takes longer than a seal.
 */
export function loadProtocol(): Promise<typeof protocol> {
  return (loading ??= import('./protocol.ts'))
}
