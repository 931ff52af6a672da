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
    const end = bytes.indexOf(0)
    const packed = JSON.parse(decoder.decode(bytes.subarray(0, end))) as Packed
    const [version, keptAt] = packed
    if (version !== recordVersion || keptAt !== place) return null
    const texts = bytes.subarray(end + 1)
    // Cut, or followed by something else.
    return lengthOf(packed) === texts.length ? new UnpackedRecord(packed, texts) : null
  } catch {
    return null
  }
}

/**
 * What a record says of its tokens, but for the tokens themselves, which may be empty texts: nothing is decoded for it.
 */
export function tokenOutlines(record: SessionRecord): SessionRecord['tokens'] {
  return UnpackedRecord.outlinesOf(record) ?? record.tokens
}

/** A record whose tokens are decoded when they are read: most requests need none of them. */
class UnpackedRecord implements SessionRecord {
  readonly id: string
  readonly familyId: string
  readonly createdAt: number
  readonly idleExpiresAt: number
  readonly absoluteExpiresAt: number
  readonly generation: number
  readonly origin: string
  readonly userProvider: string
  readonly refreshedAt: number | null
  readonly identities: SessionRecord['identities']
  readonly sids: SessionRecord['sids']
  readonly epochs: SessionRecord['epochs']
  readonly data: SessionRecord['data']
  declare readonly tokens: SessionRecord['tokens']
  readonly #packed: Packed
  readonly #texts: Uint8Array
  #tokens: SessionRecord['tokens'] | undefined

  constructor(packed: Packed, texts: Uint8Array) {
    const [, , id, familyId] = packed
    this.id = id
    this.familyId = familyId === 0 ? id : familyId
    this.createdAt = packed[4]
    this.idleExpiresAt = packed[5]
    this.absoluteExpiresAt = packed[6]
    this.generation = packed[7]
    this.origin = packed[8]
    this.userProvider = packed[9]
    this.refreshedAt = packed[10]
    this.identities = packed[11]
    this.sids = packed[12]
    this.epochs = packed[13]
    this.data = packed[14]
    this.#packed = packed
    this.#texts = texts
    // Its own, so that a copy of the record takes the tokens along; one getter for all, as in `SessionAnswer`.
    Object.defineProperty(this, 'tokens', UnpackedRecord.#descriptor)
  }

  static outlinesOf(record: object): SessionRecord['tokens'] | undefined {
    return #packed in record ? record.#packed[15] : undefined
  }

  static readonly #descriptor = {
    enumerable: true,
    get(this: UnpackedRecord): SessionRecord['tokens'] {
      return (this.#tokens ??= tokensOf(this.#packed, this.#texts))
    },
  }
}

/** How many bytes the texts take that are kept as bytes. */
function lengthOf(packed: Packed): number {
  let sum = 0
  for (const ofText of packed[16]) if (ofText !== 0) for (const length of ofText) sum += length
  return sum
}

function tokensOf(packed: Packed, texts: Uint8Array): SessionRecord['tokens'] {
  const [tokens, lengths] = [packed[15], packed[16]]
  let index = 0
  let start = 0
  const unpack = (value: unknown): unknown => {
    const ofText = typeof value === 'string' ? lengths[index++] : 0
    if (!ofText) return value
    return ofText.map((length) => encodeBase64url(texts.subarray(start, (start += length)))).join('.')
  }
  return mapped(tokens, (held: object) => mapped(held, unpack))
}

function mapped<Member, Result>(members: object, change: (member: Member) => Result): Record<string, Result> {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, change(member as Member)]))
}
