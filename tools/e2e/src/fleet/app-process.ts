import { flushCompileCache } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Store } from '@latchkey/core'
import { createClient } from 'redis'
import { patientStore } from '../../../../packages/store-redis/test/patient-store.ts'
import { type AppSettings, createExampleApp } from './example-app.ts'

/** What a process is told. */
export type Order =
  | { readonly pass: number }
  /** Do this to yourself when the next lock has been taken, before anything is sent. */
  | { readonly atLock: 'SIGKILL' | 'SIGSTOP' }

const settings = JSON.parse(process.env['SETTINGS'] ?? '{}') as AppSettings
let atLock: 'SIGKILL' | 'SIGSTOP' | null = null

const { app, pass } = await createExampleApp(
  settings,
  settings.redisUrl === null ? null : await redis(settings.redisUrl),
)
await app.listen({ host: '127.0.0.1', port: 0 })
process.on('message', (order: Order) => {
  if ('pass' in order) pass(order.pass)
  else atLock = order.atLock
})
process.on('disconnect', () => process.exit())
// Most of these processes are killed; the next one starts in half the time.
flushCompileCache()
process.send?.((app.server.address() as AddressInfo).port)

async function redis(url: string): Promise<Store> {
  const client = createClient({ url, disableOfflineQueue: true })
  await client.on('error', () => {}).connect()
  const store = patientStore(client)
  return {
    ...store,
    async add(key, value, lifetime) {
      const isAdded = await store.add(key, value, lifetime)
      if (isAdded && key.startsWith('lock:') && atLock !== null) {
        const signal = atLock
        atLock = null
        process.kill(process.pid, signal)
      }
      return isAdded
    },
  }
}
