import { createHmac } from 'node:crypto'
import { clients } from '../seed.ts'
import { equalSecrets } from '../server/oauth.ts'
import type { Checklist } from './checklist.ts'
import type { WiseState } from './state.ts'

export type Claims = Readonly<Record<string, unknown>>

/** Checks 1 to 4: form, algorithm, signature and times. @see protocols: Wise, section 7 */
export function checkToken(state: WiseState, checklist: Checklist, query: URLSearchParams): Claims {
  const [token = '', ...others] = query.getAll('jwtToken')
  checklist.demand('The URL carries a token', token !== '', {
    code: 'missing_token',
    detail: 'There is no jwtToken.',
  })
  checklist.demand('The token is one value, not a placeholder', others.length === 0 && !placeholders.has(token), {
    code: 'malformed',
    detail: 'jwtToken is a placeholder or is given twice.',
    hint: 'The sample code forgets the $ of its template: write ?jwtToken=${jwtToken}, not {jwtToken}.',
  })
  const [header, payload, signature = ''] = /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token) ? token.split('.') : []
  const protectedHeader = parseObject(header)
  const claims = parseObject(payload)
  checklist.demand('The token is a compact JWT', protectedHeader !== null && claims !== null, {
    code: 'malformed',
    detail: 'The token is not three base64url parts with a JSON header and payload.',
  })
  const { alg, typ } = protectedHeader
  checklist.demand('It is signed with HS256', alg === 'HS256' && (typ === undefined || typ === 'JWT'), {
    code: 'bad_algorithm',
    detail: 'The header must say alg HS256 and typ JWT.',
  })
  const signed = `${header}.${payload}`
  checklist.demand('The signature is that of the jwtTokenSecret', equalSecrets(signature, hmac(signed, secret)), {
    code: 'bad_signature',
    detail: 'The signature does not match.',
    ...(equalSecrets(signature, hmac(signed, Buffer.from(secret, 'hex'))) && {
      hint: 'The secret was decoded from hexadecimal. Its characters themselves are the key.',
    }),
  })
  checkTimes(state, checklist, claims)
  return claims
}

function checkTimes({ clock, switches }: WiseState, checklist: Checklist, { exp, nbf }: Claims): void {
  checklist.demand('It says when it expires, in whole seconds', isWholeNumber(exp), {
    code: 'bad_expiry',
    detail: 'exp is missing or is not a whole number.',
  })
  const now = clock.now()
  const left = exp - now
  checklist.demand('It has not expired', left > 0, { code: 'expired', detail: 'exp is over.' })
  checklist.demand('It lives for a short time', left <= switches.maxLifetimeSeconds, {
    code: 'ttl_too_long',
    detail: `exp is more than ${switches.maxLifetimeSeconds} seconds ahead.`,
    ...(exp > 100_000_000_000 && { hint: 'exp is in milliseconds; it must be in seconds.' }),
  })
  if (left > 120) {
    checklist.remark({ title: 'It lives for at most two minutes', passed: false, note: 'Wise asks for 120 seconds.' })
  }
  checklist.demand('It is valid already', nbf === undefined || Number(nbf) <= now, {
    code: 'not_yet_valid',
    detail: 'nbf is in the future.',
  })
}

const isWholeNumber = (value: unknown): value is number => Number.isSafeInteger(value)
const secret = clients.wise.jwtTokenSecret
const placeholders = new Set(['{jwtToken}', '${jwtToken}', 'undefined', 'null'])

const hmac = (signed: string, key: string | Buffer): string =>
  createHmac('sha256', key).update(signed, 'ascii').digest('base64url')

function parseObject(part: string | undefined): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
