import { startEmulator } from '@latchkey/emulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Step } from '../src/backstage/step.ts'
import { type BackstageServer, startBackstageServer } from '../src/run/backstage-server.ts'
import { createJourneys } from '../src/run/journeys.ts'

let backstage: BackstageServer
let close: () => Promise<void>
const made: string[] = []

beforeAll(async () => {
  const emulator = await startEmulator()
  close = emulator.close
  backstage = await startBackstageServer(createJourneys(emulator), async (name) => {
    made.push(name)
    return name === 'outage'
  })
})
afterAll(async () => {
  backstage.close()
  await close()
})

function ask(
  path: string,
  { body, secret = backstage.variables.BACKSTAGE_SECRET }: { body?: Step; secret?: string } = {},
) {
  return fetch(`${backstage.variables.BACKSTAGE_URL}${path}`, {
    headers: { authorization: `Bearer ${secret}` },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
}

it('listens on this machine alone', () => {
  expect(backstage.variables.BACKSTAGE_URL).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
})

it.each(['', 'an-example-of-another-secret', `${'A'.repeat(43)}`])(
  'answers nobody without its secret: %j',
  async (secret) => {
    for (const path of ['/journeys/ada', '/troubles/outage']) expect((await ask(path, { secret })).status).toBe(401)
    expect(made).toEqual([])
  },
)

it('remembers what is told of each journey, in the order of time', async () => {
  const step = { kind: 'event', framework: 'Next', type: 'session.ended' } as const
  await ask('/journeys/ada', { body: { ...step, at: 2 } })
  await ask('/journeys/ada', { body: { ...step, at: 1 } })
  await ask('/journeys/bob', { body: { ...step, at: 3 } })
  const steps = (await (await ask('/journeys/ada')).json()) as readonly Step[]
  expect(steps.map(({ at }) => at)).toEqual([1, 2])
})

it('knows no other trouble, address or language', async () => {
  expect((await ask('/elsewhere')).status).toBe(404)
  const { BACKSTAGE_URL: url, BACKSTAGE_SECRET: secret } = backstage.variables
  const post = (path: string, body: string) =>
    fetch(`${url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${secret}` }, body })
  expect((await post('/troubles/outage', '')).status).toBe(200)
  expect((await post('/troubles/constructor', '')).status).toBe(404)
  expect((await post('/journeys/ada', '{')).status).toBe(400)
})
