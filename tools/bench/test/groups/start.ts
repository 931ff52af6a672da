import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { encode } from '@auth/core/jwt'
import { sealData } from 'iron-session'
import type { GroupOrder } from '../../src/harness/group-process.ts'
import { interleave } from '../../src/harness/interleave.ts'
import type { Kind, Row, Table } from '../../src/harness/table.ts'
import { createSealFloor } from '../floors/session.ts'
import { payload, reference } from './reference.ts'
import { createReferenceAuth, referenceCookie } from './reference-app.ts'

const run = promisify(execFile)
const program = join(import.meta.dirname, '../../fixtures/first-request.js')
const { secret } = reference

/** Imports, and the first request of a serverless function, each in a new process. */
export async function tables({ rounds, size }: GroupOrder): Promise<readonly Table[]> {
  const inProcess = async (name: string, kind: 'imports' | 'handlers', cookie = ''): Promise<number> => {
    const { stdout } = await run(process.execPath, [program, name, kind, cookie, secret])
    const { milliseconds, result } = JSON.parse(stdout) as { milliseconds: number; result: unknown }
    if (result !== (kind === 'imports' ? null : payload.claims.email)) throw new Error(`${name} says ${String(result)}`)
    return milliseconds
  }
  const sampled = async (
    kind: 'imports' | 'handlers',
    given: readonly (readonly [Kind, string, string?])[],
  ): Promise<readonly Row[]> => {
    const chosen = size === 'check' ? given.filter(([one]) => one !== 'peer') : given
    const samples = await interleave(
      chosen.map(
        ([, name, cookie]) =>
          () =>
            inProcess(name, kind, cookie),
      ),
      rounds,
    )
    return chosen.map(([one, name], index) => ({ name, kind: one, samples: samples[index] ?? [] }))
  }
  const cookies = {
    floor: `s=${createSealFloor(Buffer.alloc(32)).seal(payload)}`,
    latchkey: await referenceCookie(createReferenceAuth()),
    authCore: `s=${await encode({ token: payload, secret, salt: 's' })}`,
    official: `s=${await sealData(payload, { password: secret })}`,
  }
  return [
    {
      operation: 'import of core, core-wristband and adapter-fastify',
      unit: 'ms',
      goal: '≤ 0.25 × the official stack',
      rows: await sampled('imports', [
        ['floor', 'floor'],
        ['ours', 'latchkey'],
        ['peer', 'oauth4webapi'],
        ['peer', 'openid-client and secure-session'],
        ['peer', 'express-openid-connect'],
        ['peer', '@auth/core'],
        ['official', 'official'],
      ]),
      leftOut: ['@auth0/nextjs-auth0: it is loaded by Next alone'],
    },
    {
      operation: 'cold start of a serverless handler: imports and one guarded request',
      unit: 'ms',
      goal: undefined,
      rows: await sampled('handlers', [
        ['floor', 'floor', cookies.floor],
        ['ours', 'latchkey', cookies.latchkey],
        ['peer', '@auth/core', cookies.authCore],
        ['official', 'official', cookies.official],
      ]),
      leftOut: [],
    },
  ]
}
