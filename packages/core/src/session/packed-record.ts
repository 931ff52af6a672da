import { decodeBase64url, encodeBase64url } from '../crypto/index.ts'
import type { Tokens } from '../model/identity.ts'
import { joinedBytes } from '../model/joined-bytes.ts'
import type { SessionRecord } from './record.ts'

/** The version of packed records. Each has a key of its own, so a reader of another version opens nothing of this one. */
export const recordVersion = 4

/** Where a record is kept: in how many cookies, or under which key of a store. Anywhere else it is no session. */
export type RecordPlace = number | string

/** A record without the names of its members. Last come the lengths of what is kept as bytes: of each text in `tokens`. */
type Packed = readonly [
  version: number,
  place: RecordPlace,
  id: string,
  /** 0 where it is `id`. */
  familyId: string | 0,
  createdAt: number,
  idleExpiresAt: number,
  absoluteExpiresAt: number,
  generation: number,
  origin: string,
  userProvider: string,
  refreshedAt: number | null,
  identities: SessionRecord['identities'],
  sids: SessionRecord['sids'],
  epochs: SessionRecord['epochs'],
  data: SessionRecord['data'],
  tokens: Readonly<Record<string, Record<string, unknown>>>,
  lengths: readonly Lengths[],
]

/** Of each segment of a text; 0 for a text that stays in the JSON. */
type Lengths = readonly number[] | 0

const encoder = new TextEncoder()

const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Writes a record as few bytes: JSON without names of members, a zero byte, which no JSON has, and the bytes that the
 * base64url of its tokens stands for. Nothing is compressed: lengths would tell of what others put into a profile.
 */
export function packRecord(record: SessionRecord, place: RecordPlace): Uint8Array {
  const lengths: Lengths[] = []
  const bytes: Uint8Array[] = []
  const pack = (value: unknown): unknown => {
    if (typeof value !== 'string') return value
    const segments = value.split('.').map(decodeBase64url)
    // What an encoder would have written otherwise would come back otherwise.
    const isCanonical = segments.every((segment) => segment !== null)
    lengths.push(isCanonical ? segments.map(({ length }) => length) : 0)
    if (!isCanonical) return value
    bytes.push(...segments)
    return ''
  }
  const { id, familyId, createdAt, idleExpiresAt, absoluteExpiresAt, generation, origin, userProvider } = record
  const { refreshedAt, identities, sids, epochs, data } = record
  const packed: Packed = [
    recordVersion,
    place,
    id,
    familyId === id ? 0 : familyId,
    createdAt,
    idleExpiresAt,
    absoluteExpiresAt,
    generation,
    origin,
    userProvider,
    refreshedAt,
    identities,
    sids,
    epochs,
    data,
    mapped(record.tokens, (tokens: Tokens) => mapped(tokens, pack)),
    lengths,
  ]
  return joinedBytes([encoder.encode(`${JSON.stringify(packed)}\0`), ...bytes])
}

/** Reads what {@link packRecord} wrote for this place. Null for anything else. */
export function unpackRecord(bytes: Uint8Array, place: RecordPlace): SessionRecord | null {
  try {
    let start = bytes.indexOf(0) + 1
    const packed = JSON.parse(decoder.decode(bytes.subarray(0, start - 1))) as Packed
    const [version, keptAt, id, familyId, createdAt, idleExpiresAt, absoluteExpiresAt, ...more] = packed
    const [generation, origin, userProvider, refreshedAt, identities, sids, epochs, data, tokens, lengths] = more
    if (version !== recordVersion || keptAt !== place) return null
    let index = 0
    for (const held of Object.values(tokens)) {
      for (const name of Object.keys(held)) {
        const ofText = typeof held[name] === 'string' ? lengths[index++] : 0
        if (!ofText) continue
        held[name] = ofText.map((length) => encodeBase64url(bytes.subarray(start, (start += length)))).join('.')
      }
    }
    // Cut, or followed by something else.
    if (start !== bytes.length) return null
    return {
      id,
      familyId: familyId === 0 ? id : familyId,
      createdAt,
      idleExpiresAt,
      absoluteExpiresAt,
      generation,
      origin,
      userProvider,
      refreshedAt,
      identities,
      sids,
      epochs,
      data,
      tokens,
    }
  } catch {
    return null
  }
}

function mapped<Member, Result>(members: object, change: (member: Member) => Result): Record<string, Result> {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, change(member as Member)]))
}
