import type { Application } from './application.ts'
import type { Wristband } from './wristband.ts'

const applications = new WeakMap<object, Application>()

/** Remembers what is behind a client, for our own provider alone. */
export function rememberApplication(client: Wristband, application: Application): void {
  applications.set(client, application)
}

/** What is behind a client; undefined for anything that `createWristband` did not make. */
export function applicationOf(client: Wristband): Application | undefined {
  return typeof client === 'object' && client !== null ? applications.get(client) : undefined
}
