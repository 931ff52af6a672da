import { ratioOf, type Table } from './table.ts'

/** How much ours may cost in a check, as a ratio to another candidate of the same run. */
export interface Gate {
  readonly group: string
  readonly operation: string
  readonly ours: string
  readonly against: string
  readonly most: number
}

const gate = (place: string, ours: string, [against, most]: readonly [string, number]): Gate => {
  const [group = '', operation = ''] = place.split(': ')
  return { group, operation, ours, against, most }
}

/**
 * 1.6 to 2 times what was measured on a busy machine, so that noise passes and a fall by half does not. Bring a figure
 * down when an operation has become cheaper.
 */
export const gates: readonly Gate[] = [
  gate('session: unseal alone', 'latchkey', ['floor', 2.3]),
  gate('session: seal', 'latchkey', ['floor', 1.9]),
  gate('session: session from the Cookie header', 'latchkey getSession', ['floor', 3]),
  gate('session: session from the Cookie header', 'latchkey requireSession', ['floor', 3]),
  gate('jwt: RS256 warm', 'latchkey verifyJwt', ['floor', 2.3]),
  gate('jwt: ES256 warm', 'latchkey verifyJwt', ['floor', 1.9]),
  gate('jwt: EdDSA warm', 'latchkey verifyJwt', ['floor', 1.8]),
  gate('jwt: requireBearer, RS256', 'latchkey requireBearer', ['floor', 3]),
  gate('wise: Wise URL', 'latchkey', ['floor', 2.2]),
  gate('wise: Wise URL with a path', 'latchkey', ['floor', 2.4]),
  gate('login: login, core', 'latchkey client and seal', ['floor', 3.8]),
  gate('login: login, core', 'latchkey handle', ['floor', 9]),
  gate('requests: check overhead per request', 'fastify latchkey', ['fastify floor', 6.5]),
  gate('sign-in: login and callback, CPU of the app', 'latchkey core-wristband', ['@wristband/express-auth', 1.2]),
  gate('start: import of core, core-wristband and adapter-fastify', 'latchkey', ['official', 0.55]),
]

/** A gate, and the least that was measured. */
export interface GateResult {
  readonly gate: Gate
  readonly ratio: number
  readonly holds: boolean
}

/** What was measured against the gates of the groups that were; the better of two runs counts. */
export function checkGates(
  given: readonly Gate[],
  tables: readonly Table[],
  before: readonly GateResult[] = [],
): readonly GateResult[] {
  return given.map((one) => {
    const rows = tables.find(({ operation }) => operation === one.operation)?.rows ?? []
    const [ours, other] = [one.ours, one.against].map((name) => rows.find((row) => row.name === name))
    const found = ours === undefined || other === undefined ? Number.NaN : ratioOf(ours, other).median
    const earlier = before.find(({ gate: same }) => same === one)?.ratio ?? Number.NaN
    // What was not measured is NaN, which is below no gate. Nor is an overhead that noise made less than nothing.
    const measured = [found, earlier].filter((ratio) => ratio > 0)
    const ratio = measured.length === 0 ? Number.NaN : Math.min(...measured)
    return { gate: one, ratio, holds: ratio <= one.most }
  })
}
