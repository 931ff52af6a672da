import type { AuthOptions } from '@latchkey/core'
import { createExampleAuth, type ExampleAuth } from './example-auth.ts'
import { type ExampleBrowser, openExampleBrowser } from './example-browser.ts'
import { exampleRoutes } from './example-routes.ts'
import type { Mount, RunningMount } from './mount.ts'

/** The example app on a mount. */
export interface ExampleApp extends ExampleAuth {
  /** What was mounted. */
  readonly mount: RunningMount
  /** The path above all auth routes. */
  readonly basePath: string
  /** A path of the app's own, under the prefix of the mount. */
  path(own: `/${string}`): string
  /** A new browser. */
  browser(): ExampleBrowser
  /** Has this done while the handler of `/meanwhile` runs. */
  meanwhile(action: () => Promise<unknown>): void
  /** Lets streams send their last chunk. */
  release(): void
}

/** What of the example app a test needs otherwise. */
export interface ExampleAppOptions extends Partial<Pick<AuthOptions, 'baseUrl' | 'basePath' | 'pages' | 'rateLimit'>> {}

/** Starts the example app on a mount. */
export async function startExampleApp(mount: Mount, options: ExampleAppOptions = {}): Promise<ExampleApp> {
  const { basePaths: [firstBasePath] = ['/auth'], prefix = '' } = mount
  const { basePath = firstBasePath } = options
  const pages = { signIn: '/sign-in', error: '/error', apiPaths: [`${prefix}/api`] }
  const example = createExampleAuth({ pages, ...options, basePath })
  let action = async (): Promise<unknown> => undefined
  let release = (): void => {}
  const secondChunk = new Promise<void>((resolve) => {
    release = resolve
  })
  const running = await mount.start({
    auth: example.auth,
    routes: exampleRoutes({ meanwhile: async () => void (await action()), secondChunk }),
  })
  return {
    ...example,
    mount: running,
    basePath,
    path: (own) => prefix + own,
    browser: () => openExampleBrowser({ server: running.origin, basePath }),
    meanwhile(given) {
      action = given
    },
    release,
  }
}
