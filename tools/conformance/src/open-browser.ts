import { createTestBrowser, type TestBrowser } from '@latchkey/testkit'
import type { Clock } from './clock.ts'
import { appOrigin } from './provider/registration.ts'

/** Opens a browser. The app is at `appOrigin`, as behind a proxy that ends TLS; `server` is where it listens. */
export function openBrowser(server: string, clock?: Clock): TestBrowser {
  return createTestBrowser({
    origin: appOrigin,
    servers: { [appOrigin]: server },
    clock: clock && (() => clock.now),
  })
}
