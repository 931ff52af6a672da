import type * as answering from './answering.ts'

let loading: Promise<typeof answering> | undefined

/**
 * Loads what answers our routes when the first of their requests comes: a route of the app that is guarded needs none of it.
 * Once: `import()` of what is loaded takes longer than a seal.
 */
export function loadAnswering(): Promise<typeof answering> {
  return (loading ??= import('./answering.ts'))
}
