import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { Mount, MountSetup } from '@latchkey/testkit'
import { listen } from '@latchkey/tool-test-support'
import { appFolder, buildNextApp, type NextBuild, nextEnvironment } from './next-build.ts'

/** What is used of Next's own function: its types take it for a namespace where imports are Node's. */
type Next = (options: { readonly dev: false; readonly dir: string; readonly quiet: true }) => {
  prepare(): Promise<void>
  getRequestHandler(): NextHandler
}

const next = createRequire(import.meta.url)('next') as Next

const setups = new AsyncLocalStorage<MountSetup>()

/** Makes a mount of adapter-next on a real build, which is made when it is started for the first time. */
export function createNextMount(name: string, build: NextBuild): Mount {
  const { basePath = '' } = build.options
  let handler: Promise<NextHandler> | undefined
  return {
    name,
    ...(basePath !== '' && { prefix: basePath }),
    basePaths: [`${basePath}/auth` as `/${string}`, `${basePath}/identity/sign-in` as `/${string}`],
    async start(setup) {
      handler ??= prepare(build)
      const handle = await handler
      return listen((incoming, outgoing) => setups.run(setup, () => handle(incoming, outgoing)))
    },
  }
}

type NextHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>

/** Next's own server of a built app, in this process: so that its app finds the auth of each test. */
async function prepare(build: NextBuild): Promise<NextHandler> {
  await buildNextApp(build)
  Object.assign(globalThis, { [Symbol.for('latchkey.tool-e2e.setup')]: setups })
  Object.assign(process.env, nextEnvironment(build), { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' })
  const server = next({ dev: false, dir: appFolder(build), quiet: true })
  await server.prepare()
  return server.getRequestHandler()
}
