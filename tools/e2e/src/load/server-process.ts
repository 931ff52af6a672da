import type { AddressInfo } from 'node:net'
import { createTestSession } from '@latchkey/testkit'
import { createExampleApp, tokensOf } from './example-app.ts'

/** What the server says of itself: where it is and how to be signed in there, then its memory whenever it is asked. */
export interface ServerReport {
  readonly port: number
  readonly cookie: string
}

const strategy = process.argv[2] === 'store' ? 'store' : 'cookie'
const { auth, app } = await createExampleApp({ strategy })
await app.listen({ host: '127.0.0.1', port: 0 })
const inAnHour = Math.floor(Date.now() / 1000) + 3600
const tokens = { acme: tokensOf('ada', 0, inAnHour) }
const { cookie } = await createTestSession(auth, { acme: { subject: 'ada', profile: { name: 'Ada' } } }, { tokens })
process.send?.({ port: (app.server.address() as AddressInfo).port, cookie } satisfies ServerReport)

process.on('message', () => {
  globalThis.gc?.()
  process.send?.(process.memoryUsage())
})
process.on('disconnect', () => process.exit())
