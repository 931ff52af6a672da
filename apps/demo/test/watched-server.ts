import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Emulator, startEmulator } from '@latchkey/emulator'
import { freePort } from '@latchkey/tool-test-support'

/** The built Fastify server in a process of its own, with emulators in this one. */
export interface WatchedServer {
  readonly url: string
  readonly emulator: Emulator
  /** The most memory that the process ever held, in bytes. */
  peakMemory(): Promise<number>
  close(): Promise<void>
}

/** Starts them and waits until the server answers. */
export async function startWatchedServer(): Promise<WatchedServer> {
  const emulator = await startEmulator()
  const { wristband, wink, wise } = emulator
  const port = await freePort()
  const url = `http://localhost:${port}`
  wristband.registerRedirectUri(`${url}/auth/wristband/callback`)
  const server = fork(fileURLToPath(new URL('../dist/fastify/server.js', import.meta.url)), {
    execArgv: ['--import', new URL('report-peak-memory.ts', import.meta.url).href],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      WRISTBAND_CLIENT_ID: wristband.clientId,
      WRISTBAND_CLIENT_SECRET: wristband.clientSecret,
      WRISTBAND_APPLICATION_DOMAIN: wristband.applicationDomain,
      WRISTBAND_TENANT: 'acme',
      WRISTBAND_TENANT_IDS: `acme=${wristband.tenants.acme.id}`,
      WINK_CLIENT_ID: wink.clientId,
      WINK_CLIENT_SECRET: wink.clientSecret,
      WINK_API_URL: wink.apiUrl,
      WINK_AUTH_URL: wink.authUrl,
      WISE_WHITE_LABEL_URL: wise.url,
      WISE_JWT_TOKEN_SECRET: wise.jwtTokenSecret,
      SESSION_SECRETS: 'an-example-session-secret-for-the-tests',
      FASTIFY_PORT: String(port),
    },
  })
  while (!(await isHealthy(url))) {
    if (server.exitCode !== null) throw new Error('The server ended')
    await wait(50)
  }
  return {
    url,
    emulator,
    async peakMemory() {
      const answer = once(server, 'message')
      server.send('how much?')
      const [kibibytes] = (await answer) as [number]
      return kibibytes * 1024
    },
    async close() {
      const ended = once(server, 'exit')
      server.kill()
      await ended
      await emulator.close()
    },
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).ok
  } catch {
    return false
  }
}
