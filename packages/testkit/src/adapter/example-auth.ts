import { type Auth, type AuthOptions, createAuth } from '@latchkey/core'
import { appHost } from './example-browser.ts'
import { exampleProvider } from './example-provider.ts'

/** Idle time of a session of the example app: when half of it is gone, a session is prolonged. */
export const idleSeconds = 3600

/** The auth of the example app, and the time that it goes by. */
export interface ExampleAuth {
  /** The auth itself. */
  readonly auth: Auth
  /** Moves the time on; by itself it stands still. */
  pass(seconds: number): void
  /** The framework's own requests that callbacks were handed. */
  readonly frameworkRequests: readonly unknown[]
}

/**
 * Makes an auth at `https://app.example` with two providers, `example` and `exampletwo`: their vendor is imaginary, and a
 * callback says who is signed in. `exampleToken` makes access tokens that it takes.
 */
export function createExampleAuth(options: Partial<AuthOptions> = {}): ExampleAuth {
  const frameworkRequests: unknown[] = []
  let now = 1_800_000_000
  const providers = ['example', 'exampletwo'].map((name) =>
    exampleProvider(name, (given) => frameworkRequests.push(given)),
  )
  const auth = createAuth({
    baseUrl: `https://${appHost}`,
    secret: `an-example-secret-of-32-bytes-${crypto.randomUUID()}`,
    session: { strategy: 'cookie', idleSeconds },
    // An app that installs providers has types of identities in which these names are not.
    providers: providers as unknown as AuthOptions['providers'],
    pages: { signIn: '/sign-in', error: '/error', apiPaths: ['/api'] },
    // A user who is signed in and signs in again is the same user: the second identity is linked.
    onSignIn: ({ current }) => ({ action: current === null ? 'new' : 'link' }),
    clock: () => now,
    ...options,
  })
  return {
    auth,
    frameworkRequests,
    pass(seconds) {
      now += seconds
    },
  }
}
