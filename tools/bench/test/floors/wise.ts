import { createHmac, type KeyObject } from 'node:crypto'

const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')

/** A URL that signs in to Wise, by the shortest code. */
export function wiseUrlFloor(key: KeyObject, claims: object, page: string): string {
  const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  const signature = createHmac('sha256', key).update(input).digest('base64url')
  return `https://wise.example/identity-based-login?jwtToken=${input}.${signature}${page}`
}
