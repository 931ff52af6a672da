import type { Auth } from '@latchkey/core/adapter'

/** A way to serve an auth. */
export interface Mount {
  readonly name: string
  /** Listens on a free port of this machine. */
  start(auth: Auth): Promise<{ readonly origin: string; close(): Promise<void> }>
}
