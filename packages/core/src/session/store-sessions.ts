import { expireChunks } from '../cookies/chunks.ts'
import type { RequestCookies } from '../cookies/request-cookies.ts'
import { randomToken, sha256 } from '../crypto/index.ts'
import { coreError } from '../errors/core-errors.ts'
import type { Seconds } from '../model/time.ts'
import { readMany } from '../vault/store.ts'
import type { Vault } from '../vault/vault.ts'
import { packRecord, recordVersion, unpackRecord } from './packed-record.ts'
import { idleEnd, isDueForWriting, isLive, type NewSessionRecord, type SessionRecord } from './record.ts'
import { markKey, type Revocations } from './revocation.ts'
import type { StoreSessionSettings } from './settings.ts'
import type { SessionStrategy } from './strategy.ts'

const mostAttempts = 10

/** So many marks a cookie names at most: anyone can write one, and each name costs the store a reading. */
const mostNames = 16

/** What sessions in a store are made with. */
export interface StoreSessionParts {
  readonly vault: Vault
  readonly settings: StoreSessionSettings
  readonly clock: () => Seconds
  readonly revocations: Pick<Revocations, 'namesOf'>
}

/**
 * Keeps sessions in the vault's store. The cookie holds 32 random bytes, the key in the store is their SHA-256, and the
 * record is sealed: a reader of the store finds neither a cookie nor a session. Behind the bytes the cookie names the marks by
 * which the session can end, so that they are read with it. The names prove nothing.
 *
 * The cookie is set at the sign-in, for as long as the session can last, and by no other response: none that was under
 * way can bring an older one back.
 */
export function createStoreSessions({ vault, settings, clock, revocations }: StoreSessionParts): SessionStrategy {
  const { cookieName, idleSeconds, absoluteSeconds } = settings
  const scope = { purpose: `session-record-${recordVersion}`, name: cookieName }
  const openRecord = vault.opener(scope)
  /** What the store held for a record: a change replaces exactly that. */
  const held = new WeakMap<SessionRecord, string>()

  const keyOf = async (token: string): Promise<string> => `session:${await sha256(token)}`
  const partsOf = (sent: RequestCookies): readonly string[] => (sent.only(cookieName) ?? '').split('.', 1 + mostNames)
  const tokenOf = (sent: RequestCookies): string | null => {
    const [token = ''] = partsOf(sent)
    return is32Bytes.test(token) ? token : null
  }
  const open = async (key: string, sealed: string | null): Promise<SessionRecord | null> => {
    const bytes = sealed === null ? null : await openRecord(sealed)
    const record = bytes === null ? null : unpackRecord(bytes, key)
    if (sealed !== null && record !== null) held.set(record, sealed)
    return record
  }
  const load = async (key: string): Promise<SessionRecord | null> =>
    open(key, await (await vault.store('sessions')).get(key))
  const entryOf = async (key: string, record: NewSessionRecord): Promise<Entry> => {
    const now = clock()
    const kept = { ...record, idleExpiresAt: idleEnd(record, idleSeconds, now) }
    const sealed = await vault.seal(scope, packRecord(kept, key))
    held.set(kept, sealed)
    return { kept, sealed, lifetime: Math.max(1, kept.idleExpiresAt - now) }
  }

  const read: SessionStrategy['read'] = async (sent, origin) => {
    const [token = '', ...names] = partsOf(sent)
    if (!is32Bytes.test(token)) return null
    const key = await keyOf(token)
    // Where no store is shared, marks are kept apart from sessions: not to be found is no answer there.
    const marks = vault.isShared ? names.filter((name) => is32Bytes.test(name)).map(markKey) : []
    const [sealed = null, ...texts] = await readMany(await vault.store('sessions'), [key, ...marks])
    const record = await open(key, sealed)
    if (record === null || !isLive(record, { origin, now: clock(), absoluteSeconds })) return null
    return { record, marks: new Map(marks.map((mark, index) => [mark, texts[index] ?? null])) }
  }

  /** Makes a new record of the newest one under a key, and leaves none there: what others write meanwhile is not lost. */
  const take = async (key: string | null, make: (present: SessionRecord) => NewSessionRecord) => {
    const store = await vault.store('sessions')
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const present = key === null ? null : await load(key)
      if (key === null || present === null) throw coreError('auth/session_changed')
      const record = make(present)
      if (await store.remove(key, held.get(present) ?? '')) return record
    }
    throw changesTooOften()
  }

  return {
    read,

    readAgain: (sent, { origin }) => read(sent, origin),

    async begin(cookies, { continues, make }) {
      const store = await vault.store('sessions')
      const sent = tokenOf(cookies.sent)
      const previous = sent === null ? null : await keyOf(sent)
      // The old record is taken first: a session that was signed out elsewhere meanwhile does not live on in the new one.
      const record = continues ? await take(previous, make) : make(null)
      if (!continues && previous !== null) await store.remove(previous)
      const token = randomToken(32)
      const key = await keyOf(token)
      const { kept, sealed, lifetime } = await entryOf(key, record)
      if (!(await store.add(key, sealed, lifetime))) throw coreError('auth/store_unavailable')
      const names = (await revocations.namesOf(record)).slice(0, mostNames)
      expireChunks(cookies, cookieName, 1)
      cookies.response.set(cookieName, [token, ...names].join('.'), { lifetime: record.absoluteExpiresAt - clock() })
      return kept
    },

    async update(cookies, before, change) {
      const store = await vault.store('sessions')
      const token = tokenOf(cookies.sent)
      if (token === null) return null
      const key = await keyOf(token)
      let present: SessionRecord | null = before
      let changed = change(before)
      for (let attempt = 0; attempt < mostAttempts; attempt++) {
        const expected = held.get(present)
        const { kept, sealed, lifetime } = await entryOf(key, changed)
        if (expected !== undefined && (await store.replace(key, expected, sealed, lifetime))) return kept
        present = await load(key)
        if (present === null) return null
        changed = change(present)
        // Another request has done it, and prolonged the session by that.
        if (changed === present) return present
      }
      throw changesTooOften()
    },

    isDueForWriting: (record) => isDueForWriting(record, idleSeconds, clock()),

    async end(cookies) {
      expireChunks(cookies, cookieName)
      const token = tokenOf(cookies.sent)
      if (token === null) return
      const store = await vault.store('sessions')
      const key = await keyOf(token)
      // Where it cannot be removed, what is no record takes its place: nothing opens it, and no change replaces it.
      await store.remove(key).catch(() => store.set(key, 'ended', 1))
    },
  }
}

const is32Bytes = /^[A-Za-z0-9_-]{43}$/

function changesTooOften(): Error {
  return coreError('auth/store_unavailable', { cause: { reason: 'the record changes too often' } })
}

/** A record as it is kept, and for how long. */
interface Entry {
  readonly kept: SessionRecord
  readonly sealed: string
  readonly lifetime: Seconds
}
