import { Writable } from 'node:stream'
import type { Auth, AuthEvent } from '@latchkey/core'
import { type Emulator, startEmulator } from '@latchkey/emulator'
import { freePort, happeningsIn } from '@latchkey/tool-test-support'
import { createDemo } from '../src/demo.ts'
import { readEnvironment, type Variables } from '../src/environment.ts'
import { createFastifyApp } from '../src/fastify/app.ts'
import { openLinkRecord } from '../src/link-record.ts'
import type { Visit, Visitor } from './visitor.ts'

/** The demo's Fastify server and the emulators in this process, so that a test can watch and disturb them. */
export interface RunningDemo {
  readonly url: string
  readonly emulator: Emulator
  readonly auth: Auth
  readonly events: AuthEvent[]
  /** Everything that the server logged, at the level `trace`. */
  log(): string
  /** Moves the time of the app and of the emulators alike. It stands still otherwise. */
  advance(seconds: number): void
  close(): Promise<void>
}

/** What a test may replace. */
export interface RunningDemoOptions {
  /** The fetch of the app's requests to the emulators. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** Starts it; `variables` replace what the emulators say of themselves. */
export async function startRunningDemo(
  variables: Variables = {},
  options: RunningDemoOptions = {},
): Promise<RunningDemo> {
  let now = Math.floor(Date.now() / 1000)
  const clock = (): number => now
  const emulator = await startEmulator({ clock })
  const { wristband, wink, wise } = emulator
  const port = await freePort()
  const url = `http://localhost:${port}`
  wristband.registerRedirectUri(`${url}/auth/wristband/callback`)
  wristband.registerLogoutUrl(`${url}/auth/logout/next`)
  wise.switches.unknownUser = 'create'
  const environment = readEnvironment({
    WRISTBAND_CLIENT_ID: wristband.clientId,
    WRISTBAND_CLIENT_SECRET: wristband.clientSecret,
    WRISTBAND_APPLICATION_DOMAIN: wristband.applicationDomain,
    WRISTBAND_TENANT: 'acme',
    WRISTBAND_TENANT_IDS: `acme=${wristband.tenants.acme.id},globex=${wristband.tenants.globex.id}`,
    WINK_CLIENT_ID: wink.clientId,
    WINK_CLIENT_SECRET: wink.clientSecret,
    WINK_API_URL: wink.apiUrl,
    WINK_AUTH_URL: wink.authUrl,
    WISE_WHITE_LABEL_URL: wise.url,
    WISE_JWT_TOKEN_SECRET: wise.jwtTokenSecret,
    SESSION_SECRETS: 'an-example-session-secret-for-the-tests',
    FASTIFY_PORT: String(port),
    ...variables,
  })
  const events: AuthEvent[] = []
  const logged: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk))
      done()
    },
  })
  const linkRecord = openLinkRecord(environment.linkRecordFile)
  const server = createDemo(environment, {
    framework: 'Fastify',
    linkRecord,
    onEvent: [happeningsIn(events)],
    clock,
    fetch: options.fetch,
  })
  const app = await createFastifyApp(server, { level: 'trace', stream })
  await app.listen({ host: 'localhost', port })
  return {
    url,
    emulator,
    auth: server.auth,
    events,
    log: () => logged.join(''),
    advance(seconds) {
      now += seconds
    },
    async close() {
      await app.close()
      await linkRecord.close()
      await emulator.close()
    },
  }
}

/** Signs a user in with Wristband, by the emulator's own pages; gives the answer of our callback. */
export async function signInWithWristband(
  demo: RunningDemo,
  visitor: Visitor,
  user = 'ada',
  tenant = 'acme',
): Promise<Visit> {
  return visitor.visit(await reachWristbandCallback(demo, visitor, user, tenant))
}

/** Signs a user in with Wink, by the emulator's own pages; gives the answer of our callback. */
export async function signInWithWink(demo: RunningDemo, visitor: Visitor, user = 'ada'): Promise<Visit> {
  return visitor.visit(await reachWinkCallback(demo, visitor, user))
}

/** A sign-in with Wristband as far as the URL of our callback, which is left unopened. */
export async function reachWristbandCallback(
  demo: RunningDemo,
  visitor: Visitor,
  user = 'ada',
  tenant = 'acme',
): Promise<URL> {
  const start = await visitor.visit(`${demo.url}/auth/wristband/login?tenant_name=${tenant}`, { from: demo.url })
  return callbackOf(visitor, start, user)
}

/** A sign-in with Wink as far as the URL of our callback, which is left unopened. */
export async function reachWinkCallback(demo: RunningDemo, visitor: Visitor, user = 'ada'): Promise<URL> {
  return callbackOf(visitor, await visitor.visit(`${demo.url}/auth/wink/login`, { from: demo.url }), user)
}

/** Goes through a vendor's pages as a user, from our login route's answer to the URL of our callback. */
export async function callbackOf(visitor: Visitor, start: Visit, user: string): Promise<URL> {
  const isCallback = (location: URL): boolean => location.pathname.endsWith('/callback')
  const page = await visitor.follow(start, isCallback)
  const answer = page.location === null ? await submitPage(visitor, page, user) : page
  const last = await visitor.follow(answer, isCallback)
  if (last.location === null) throw new Error(`No callback: ${last.status} at ${last.url.pathname}`)
  return last.location
}

/** Presses a user's button on a vendor's page. */
function submitPage(visitor: Visitor, page: Visit, user: string): Promise<Visit> {
  const [, action = ''] = /<form[^>]*action="([^"]*)"/.exec(page.text) ?? []
  const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
  const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]))
  return visitor.visit(new URL(action.replaceAll('&amp;', '&') || page.url.href, page.url), {
    form: { ...fields, user },
  })
}
