import type { Auth } from './auth.ts'
import { contextOf } from './context/auth-context.ts'
import type { EventListener } from './model/event.ts'

/**
 * Adds a listener to the events of an auth that is made already; of one name there is one. Does nothing for an auth that
 * did not come from `createAuth`.
 */
export function addListener(auth: Auth, name: string, listener: EventListener): void {
  contextOf(auth)?.listeners.set(name, listener)
}
