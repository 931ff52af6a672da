import { createSecretKey } from 'node:crypto'
import { createWiseClient } from '@latchkey/core-wise'
import { createSigner } from 'fast-jwt'
import { SignJWT } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import type { Candidate, Operation } from '../../src/harness/measure.ts'
import { wiseUrlFloor } from '../floors/wise.ts'

const secret = 'an-example-secret-of-at-least-32-bytes'
const key = createSecretKey(Buffer.from(secret))
const iat = Math.floor(Date.now() / 1000)
const user = { vendorUserId: 'user-1', profile: 'student', name: 'Ada Lovelace' } as const
/** The same for all, so that all make the same URL. */
const claims = { ...user, exp: iat + 120, nonce: crypto.randomUUID(), iat }
const client = createWiseClient({
  whiteLabelUrl: 'wise.example',
  jwtTokenSecret: secret,
  nonce: () => claims.nonce,
  clock: () => iat,
})

function urls(path: string | undefined, goal: string): Operation {
  const page = path === undefined ? '' : `&redirectionUrl=${path}&current_role=student`
  const byUrl = (token: string): string => {
    const url = new URL('https://wise.example/identity-based-login')
    url.searchParams.set('jwtToken', token)
    return `${url.href}${page}`
  }
  const candidate = (kind: Candidate['kind'], name: string, run: () => unknown): Candidate => ({
    kind,
    name,
    prepare: () => ({ run }),
  })
  const sign = createSigner({ key: secret, algorithm: 'HS256' })
  const header = { alg: 'HS256', typ: 'JWT' }
  return {
    operation: path === undefined ? 'Wise URL' : 'Wise URL with a path',
    goal,
    expected: wiseUrlFloor(key, claims, page),
    candidates: [
      candidate('floor', 'floor', () => wiseUrlFloor(key, { ...claims }, page)),
      candidate('ours', 'latchkey', () => client.createRedirectUrl(user, path === undefined ? {} : { path })),
      candidate('peer', 'fast-jwt', () => byUrl(sign({ ...claims }))),
      candidate('peer', 'jsonwebtoken, KeyObject', () => byUrl(jsonwebtoken.sign({ ...claims }, key))),
      candidate('peer', 'jose', async () => byUrl(await new SignJWT(claims).setProtectedHeader(header).sign(key))),
      // Wise publishes no package: its guide signs in this way.
      candidate('official', 'jsonwebtoken, text', () => byUrl(jsonwebtoken.sign({ ...claims }, secret))),
    ],
  }
}

/** URLs that sign in to Wise. */
export const operations: readonly Operation[] = [
  urls(undefined, '≤ 1.2 × the floor'),
  urls('/student/classes', '≤ 1.5 × the floor'),
]
