import { createHash } from 'node:crypto'
import { flushCompileCache } from 'node:module'
import { createWristbandClient } from '@latchkey/core-wristband'
import { createClient } from 'redis'
import { patientStore } from '../../../../packages/store-redis/test/patient-store.ts'

/** What all processes of one app have in common. */
export interface MachineSettings {
  readonly clientId: string
  readonly clientSecret: string
  readonly applicationDomain: string
  /** Null: each process is for itself. */
  readonly redisUrl: string | null
}

/** What a process is told, and what it answers: hashes of the tokens that it was given. */
export type MachineOrder = { readonly pass: number } | { readonly ask: number }
export type MachineAnswer = readonly string[]

const { redisUrl, ...options } = JSON.parse(process.env['SETTINGS'] ?? '{}') as MachineSettings
let passed = 0
const clock = (): number => Math.floor(Date.now() / 1000) + passed
const store = redisUrl === null ? undefined : patientStore(await connect(redisUrl))
const wristband = createWristbandClient({ ...options, store, clock })

process.on('message', (order: MachineOrder) => {
  if ('pass' in order) passed += order.pass
  else void ask(order.ask).then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.exit())
// Most of these processes are killed; the next one starts in half the time.
flushCompileCache()
process.send?.([])

async function ask(count: number): Promise<MachineAnswer> {
  const tokens = await Promise.all(Array.from({ length: count }, () => wristband.machineToken()))
  return tokens.map((token) => createHash('sha256').update(token).digest('base64url'))
}

async function connect(url: string) {
  const client = createClient({ url, disableOfflineQueue: true })
  await client.on('error', () => {}).connect()
  return client
}
