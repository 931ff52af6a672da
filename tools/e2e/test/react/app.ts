import { type Auth, type AuthOptions, createAuth } from '@latchkey/core'
import { acme } from './acme.ts'
import { startVendor, type Vendor } from './vendor.ts'

/** An app whose pages ask for the session, and what a test does to it. */
export interface App {
  readonly origin: string
  readonly vendor: Vendor
  /** The time of the back end, in milliseconds since 1970: it stands still beside that of the page. */
  now(): number
  pass(seconds: number): void
  /** Has the back end fail to say what the session is, or not. */
  fail(isFailing: boolean): void
  close(): Promise<void>
}

/** What serves an auth and the page at `/session`. */
export interface PageHost {
  /** Listens on `localhost`, at any port. The auth is asked for when the first request comes. */
  start(auth: () => Auth): Promise<{ readonly origin: string; close(): Promise<void> }>
}

export const idleSeconds = 600

/** Starts the app. Sessions end after ten minutes in which nothing but the session was asked for. */
export async function startApp(host: PageHost, options: Partial<AuthOptions> = {}): Promise<App> {
  const vendor = await startVendor()
  let seconds = Math.floor(Date.now() / 1000)
  let isFailing = false
  const running = await host.start(() => auth)
  const auth = createAuth({
    baseUrl: running.origin,
    secret: `an-example-secret-of-32-bytes-${crypto.randomUUID()}`,
    session: { strategy: 'cookie', idleSeconds },
    providers: [acme(() => vendor.origin)] as unknown as AuthOptions['providers'],
    sessionResponse: ({ user }) => {
      if (isFailing) throw new Error('The app’s own part of it has failed.')
      return { initial: user.profile.name?.charAt(0) ?? '' }
    },
    clock: () => seconds,
    ...options,
  })
  return {
    origin: running.origin,
    vendor,
    now: () => seconds * 1000,
    pass(more) {
      seconds += more
    },
    fail(failing) {
      isFailing = failing
    },
    async close() {
      await running.close()
      await vendor.close()
    },
  }
}
