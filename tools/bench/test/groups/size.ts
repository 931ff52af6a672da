import { createMemoryStore } from '@latchkey/core'
import { oidcProvider } from '@latchkey/oidc'
import { interleave } from '../../src/harness/interleave.ts'
import { startApp } from '../../src/harness/start-app.ts'
import type { Row, Table } from '../../src/harness/table.ts'
import { createSealFloor } from '../floors/session.ts'
import { payload } from './reference.ts'
import { createReferenceAuth, referenceCookie } from './reference-app.ts'

/** What is counted and not timed: bytes of the cookie, round trips to a store, memory of many reads. */
export async function tables(): Promise<readonly Table[]> {
  return [await cookieBytes(), await roundTrips(), ...(await memory())]
}

async function cookieBytes(): Promise<Table> {
  const { sealData } = await import('iron-session')
  const values = (await referenceCookie(createReferenceAuth()))
    .split('; ')
    .map((pair) => pair.slice(pair.indexOf('=') + 1))
  const sealed = await sealData(payload, { password: 'an-example-secret-of-32-bytes-or-more' })
  const rows: readonly Row[] = [
    { name: 'floor', kind: 'floor', samples: [createSealFloor(Buffer.alloc(32)).seal(payload).length] },
    { name: 'latchkey, as a record', kind: 'ours', samples: [values.join('').length] },
    { name: 'iron-session', kind: 'official', samples: [sealed.length] },
  ]
  return { operation: 'session cookie, reference payload', unit: 'B', goal: '≤ 2,650 B', rows, leftOut: [] }
}

/** How often a read waits for the store: calls that are under way at once are one round trip. */
async function roundTrips(): Promise<Table> {
  let [underWay, trips] = [0, 0]
  const counting = new Proxy(createMemoryStore(), {
    get(store, name) {
      const method = Reflect.get(store, name) as unknown
      if (typeof method !== 'function') return method
      return async (...given: unknown[]) => {
        if (underWay === 0) trips += 1
        underWay += 1
        // A store is elsewhere: its answer comes after what was asked beside it.
        await new Promise((resolve) => setImmediate(resolve))
        underWay -= 1
        return Reflect.apply(method, store, given) as unknown
      }
    },
  })
  const acme = oidcProvider({ name: 'acme', issuer: 'https://acme.example', clientId: 'a', clientSecret: 'b' })
  const auth = createReferenceAuth(counting, acme)
  const tripsOf = async (others: object): Promise<number> => {
    const headers = new Headers({ cookie: await referenceCookie(auth, others), host: 'app.example' })
    trips = 0
    await auth.requireSession({ method: 'GET', url: '/', headers })
    return trips
  }
  const rows: readonly Row[] = [
    { name: 'floor', kind: 'floor', samples: [1] },
    { name: 'latchkey, one identity', kind: 'ours', samples: [await tripsOf({})] },
    { name: 'latchkey, two identities', kind: 'ours', samples: [await tripsOf({ acme: { subject: 'user-1' } })] },
  ]
  return { operation: 'store session, round trips per request', unit: 'calls', goal: '1', rows, leftOut: [] }
}

async function memory(): Promise<readonly Table[]> {
  const pauses: Record<string, number[]> = { floor: [], latchkey: [] }
  const read = async (name: string): Promise<number> => {
    const app = await startApp({ file: 'reads', name }, 1)
    const { rssMegabytes, pauseMilliseconds } = await app.usage()
    pauses[name]?.push(pauseMilliseconds)
    await app.stop()
    return rssMegabytes
  }
  const [floor = [], ours = []] = await interleave([() => read('floor'), () => read('latchkey')], 3)
  const table = (of: 'RSS' | 'longest pause', samples: readonly (readonly number[])[]): Table => ({
    operation: `60,000 × requireSession: ${of}`,
    unit: of === 'RSS' ? 'MB' : 'ms',
    goal: of === 'RSS' ? '≤ 130 MB' : '≤ 10 ms',
    rows: [
      { name: 'floor', kind: 'floor', samples: samples[0] ?? [] },
      { name: 'latchkey', kind: 'ours', samples: samples[1] ?? [] },
    ],
    leftOut: [],
  })
  return [table('RSS', [floor, ours]), table('longest pause', [pauses['floor'] ?? [], pauses['latchkey'] ?? []])]
}
