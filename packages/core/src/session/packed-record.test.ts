import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packRecord, unpackRecord } from './packed-record.ts'
import type { SessionRecord } from './record.ts'

const jwt = `${btoaUrl('{"alg":"RS256"}')}.${btoaUrl('{"sub":"ada"}')}.${btoaUrl('signature')}`

const base64url = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64url'))

/** Tokens that are base64url in segments, nearly that, or anything else. */
const token = fc.oneof(
  fc.array(base64url, { minLength: 1, maxLength: 5 }).map((segments) => segments.join('.')),
  fc.stringMatching(/^[\w.-]{0,40}$/),
  fc.string({ unit: 'binary' }),
)

const json = fc.jsonValue({ maxDepth: 3 })

const name = fc.oneof(fc.string(), fc.constantFrom('acme', 'accessToken', '__proto__', '0', 'constructor'))

const record = fc.record({
  id: fc.string(),
  familyId: fc.string(),
  createdAt: fc.nat(),
  idleExpiresAt: fc.nat(),
  absoluteExpiresAt: fc.nat(),
  generation: fc.nat(),
  origin: fc.webUrl(),
  userProvider: fc.string(),
  refreshedAt: fc.option(fc.nat()),
  identities: fc.dictionary(name, fc.dictionary(name, json)),
  sids: fc.dictionary(name, fc.string()),
  epochs: fc.dictionary(name, fc.array(fc.string())),
  data: fc.dictionary(name, json),
  tokens: fc.dictionary(name, fc.dictionary(name, fc.oneof(token, fc.nat(), json))),
}) as unknown as fc.Arbitrary<SessionRecord>

const place = fc.oneof(fc.constantFrom(1, 2, 3), fc.string())

/** What JSON keeps of it. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('a packed record', () => {
  it('is any session again, byte for byte', () => {
    fc.assert(
      fc.property(record, place, (session, at) => {
        const unpacked = unpackRecord(packRecord(session, at), at)
        expect(unpacked).toEqual(asJson(session))
        expect(Object.keys(unpacked ?? {}).toSorted()).toEqual(Object.keys(session).toSorted())
      }),
      { numRuns: 300 },
    )
  })

  it('is none at another place', () => {
    fc.assert(
      fc.property(record, place, place, (session, at, elsewhere) => {
        fc.pre(at !== elsewhere)
        expect(unpackRecord(packRecord(session, at), elsewhere)).toBeNull()
      }),
    )
  })

  it.each([
    ['a JWT', jwt],
    ['a JWE without an encrypted key', `${jwt}..${btoaUrl('tag')}`],
    ['base64url of another encoder', 'YR'],
    ['base64url with padding', 'YQ=='],
    ['base64, not base64url', 'a+/b'],
    ['opaque', 'ya29.a0Af_H6~'],
    ['nothing', ''],
    ['dots', '...'],
  ])('keeps a token as it is: %s', (_what, accessToken) => {
    const [sample] = fc.sample(record, 1)
    const session = { ...(sample as SessionRecord), tokens: { acme: { accessToken, refreshToken: accessToken } } }
    expect(unpackRecord(packRecord(session, 1), 1)?.tokens).toEqual(session.tokens)
  })

  it('is bytes that nobody else reads as a session, and reading them never throws', () => {
    const fuzzed = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(`${text}\0`)),
      fc.array(json).map((members) => Buffer.from(`${JSON.stringify([4, 1, ...members])}\0`)),
    )
    fc.assert(
      fc.property(fuzzed, (bytes) => void unpackRecord(bytes, 1)),
      { numRuns: 2000 },
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => unpackRecord(bytes, 1) === null))
  })

  it('is no half of a session, wherever it is cut', () => {
    const [sample] = fc.sample(record, 1)
    const packed = packRecord({ ...(sample as SessionRecord), tokens: { acme: { accessToken: jwt } } }, 1)
    for (let length = 0; length < packed.length; length++) {
      expect(unpackRecord(packed.subarray(0, length), 1)).toBeNull()
    }
  })
})

function btoaUrl(text: string): string {
  return Buffer.from(text).toString('base64url')
}
