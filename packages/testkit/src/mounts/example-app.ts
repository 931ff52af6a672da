import { type Auth, type AuthOptions, createAuth, createVault } from '@latchkey/core'
import { appHost, type Browser, openBrowser } from './browser.ts'
import { exampleProvider } from './example-provider.ts'
import { exampleRoutes } from './example-routes.ts'
import type { Mount, RunningMount } from './mount.ts'

/** Session and clock of the example app: half of the idle time is when a session is prolonged. */
export const idleSeconds = 3600

/** The example app on a mount. */
export interface ExampleApp {
  readonly auth: Auth
  readonly mount: RunningMount
  readonly basePath: string
  /** A path of the app's own, under the prefix of the mount. */
  path(own: `/${string}`): string
  /** A new browser, with the cookies of another if they are given. */
  browser(cookies?: Iterable<[string, string]>): Browser
  /** Moves the time on. */
  pass(seconds: number): void
  /** Has this done while the handler of `/meanwhile` runs. */
  meanwhile(action: () => Promise<unknown>): void
  /** Lets streams send their last chunk. */
  release(): void
  /** The framework's own requests that callbacks were handed. */
  readonly natives: readonly unknown[]
}

/** What of the example app a test needs otherwise. */
export interface ExampleAppOptions extends Partial<Pick<AuthOptions, 'baseUrl' | 'basePath' | 'pages'>> {}

/** Starts the example app on a mount. */
export async function startExampleApp(mount: Mount, options: ExampleAppOptions = {}): Promise<ExampleApp> {
  const { basePaths: [basePath] = ['/auth'], prefix = '' } = mount
  const natives: unknown[] = []
  let now = 1_800_000_000
  const auth = createAuth({
    baseUrl: `https://${appHost}`,
    basePath,
    vault: createVault({ secrets: [`an-example-secret-of-32-bytes-${crypto.randomUUID()}`], clock: () => now }),
    session: { strategy: 'cookie', idleSeconds },
    providers: ['example', 'example-two'].map((name) => exampleProvider(name, (frameworkRequest) => natives.push(frameworkRequest))),
    pages: { signIn: '/sign-in', error: '/error', apiPaths: [`${prefix}/api`] },
    // Whoever is signed in and signs in again is one user: the second identity joins.
    onSignIn: ({ current }) => ({ kind: current === null ? 'start' : 'join' }),
    clock: () => now,
    ...options,
  })
  let action = async (): Promise<unknown> => undefined
  let release = (): void => {}
  const secondChunk = new Promise<void>((resolve) => {
    release = resolve
  })
  const running = await mount.start({
    auth,
    routes: exampleRoutes({ meanwhile: async () => void (await action()), secondChunk }),
  })
  const target = { origin: running.origin, basePath: options.basePath ?? basePath }
  return {
    auth,
    mount: running,
    basePath: target.basePath,
    path: (own) => prefix + own,
    browser: (cookies) => openBrowser(target, cookies),
    pass(seconds) {
      now += seconds
    },
    meanwhile(given) {
      action = given
    },
    release,
    natives,
  }
}
