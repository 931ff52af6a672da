import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Report } from '../backstage/step.ts'
import type { Variables } from '../environment.ts'
import type { Journeys } from './journeys.ts'
import type { TroubleMaker } from './troubles.ts'

/** The runner's own server. Only the demo's servers may use it: they are started with its secret. */
export interface BackstageServer {
  readonly variables: Variables
  close(): void
}

/** Starts it on a free port of 127.0.0.1. */
export async function startBackstageServer(journeys: Journeys, makeTrouble: TroubleMaker): Promise<BackstageServer> {
  const secret = randomBytes(32).toString('base64url')
  const server = createServer((request, response) => {
    const status = (code: number): unknown => response.writeHead(code).end()
    if (!isAuthorized(request, secret)) return void status(401)
    answer(request, { journeys, makeTrouble }).then(
      (body) => (body === null ? status(404) : response.end(JSON.stringify(body))),
      () => status(400),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    variables: { BACKSTAGE_URL: `http://127.0.0.1:${port}`, BACKSTAGE_SECRET: secret },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** The JSON of the answer; null for an unknown address. */
async function answer(
  request: IncomingMessage,
  { journeys, makeTrouble }: { readonly journeys: Journeys; readonly makeTrouble: TroubleMaker },
): Promise<unknown> {
  const [, what, name = ''] = (request.url ?? '').split('/')
  if (what === 'journeys' && request.method === 'GET') return journeys.stepsOf(name)
  if (what === 'journeys') return journeys.tell(name, JSON.parse(await text(request)) as Report) ?? {}
  if (what === 'troubles' && request.method === 'POST') return (await makeTrouble(name)) ? {} : null
  return null
}

function isAuthorized({ headers }: IncomingMessage, secret: string): boolean {
  const given = Buffer.from(headers.authorization ?? '')
  const expected = Buffer.from(`Bearer ${secret}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
