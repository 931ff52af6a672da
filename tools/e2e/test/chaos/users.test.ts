import { createTestBrowser } from '@latchkey/testkit'
import { listen } from '@latchkey/tool-test-support'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { origin } from './app-settings.ts'
import type { AppNode } from './fleet.ts'
import { ask, createTally, type Tally } from './users.ts'

let answer: { readonly status: number; readonly body: object } = { status: 200, body: {} }
let server: Awaited<ReturnType<typeof listen>>
beforeAll(async () => {
  server = await listen((_incoming, outgoing) => {
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
  })
})
afterAll(() => server.close())

async function asked(given: typeof answer, isOut = false): Promise<Tally> {
  answer = given
  const tally = createTally()
  const user = { subject: 'ada-1', browser: createTestBrowser({ origin }), isOut }
  await ask({ url: server.origin } as AppNode, user, tally)
  return tally
}

const own = { status: 200, body: { subject: 'ada-1', token: 'ada-1.7' } }

it.each([
  ['right', own, false],
  ['right', { status: 200, body: { subject: 'ada-1', token: null } }, false],
  ['crossed', { status: 200, body: { subject: 'ada-10', token: 'ada-1.7' } }, false],
  ['crossed', { status: 200, body: { subject: 'ada-1', token: 'ada-10.7' } }, false],
  ['letIn', own, true],
  ['unavailable', { status: 503, body: {} }, false],
  ['other', { status: 500, body: {} }, false],
] as const)('counts as %s: %j', async (kind, given, isOut) => {
  const tally = await asked(given, isOut)
  expect({ ...tally, unavailableAt: 0 }).toEqual({ ...createTally(), [kind]: 1 })
})

it('counts who was signed out, and nobody who was to be', async () => {
  const refused = { status: 401, body: {} }
  expect([(await asked(refused)).lost.size, (await asked(refused, true)).lost.size]).toEqual([1, 0])
})
