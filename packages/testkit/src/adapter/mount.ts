import type { Auth } from '@latchkey/core'
import type { ExampleRoute } from './example-routes.ts'

/** A way to serve an auth, and the routes of an app that it protects: an adapter, on a framework with its options. */
export interface Mount {
  /** For the titles of the tests. */
  readonly name: string
  /**
   * The places that the auth routes can live at; all of them are tried. Default: `/auth` and `/identity/sign-in`.
   */
  readonly basePaths?: readonly [`/${string}`, ...(readonly `/${string}`[])]
  /** What the framework puts in front of the paths of the app's own routes. Default: nothing. */
  readonly prefix?: `/${string}`
  /** Listens on a free port of this machine. Several may run at once. */
  start(setup: MountSetup): Promise<RunningMount>
}

/** What a mount is to serve. */
export interface MountSetup {
  /** The auth to mount. */
  readonly auth: Auth
  /** The routes of the example app. Beside them there is nothing at `/nothing-here`. */
  readonly routes: readonly ExampleRoute[]
}

/** A mount that listens. */
export interface RunningMount {
  /** Where it listens, such as `http://127.0.0.1:49152`. It is asked for `https://app.example`, as by a proxy. */
  readonly origin: string
  /** Everything that it has logged, where it logs. */
  logs?(): string
  /** Ends it, with the connections that are open. */
  close(): Promise<void>
}
