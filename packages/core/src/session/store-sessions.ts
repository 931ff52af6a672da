import { expireChunks } from '../cookies/chunks.ts'
import type { CookieExchange } from '../cookies/cookie-exchange.ts'
import type { RequestCookies } from '../cookies/request-cookies.ts'
import { encodeBase64url, randomToken, sha256 } from '../crypto/index.ts'
import { coreError } from '../errors/core-errors.ts'
import type { Vault } from '../vault/vault.ts'
import type { Seconds } from './identity.ts'
import { sessionHistory } from './session-history.ts'
import { idleEnd, isDueForWriting, isLive, type NewSessionRecord, type SessionKeeper } from './session-keeper.ts'
import type { StoreSessionSettings } from './session-options.ts'
import type { SessionRecord } from './session-record.ts'

const version = 1
const mostAttempts = 3

interface Sealed extends SessionRecord {
  readonly version: typeof version
}

/**
 * Keeps sessions in the vault's store. The cookie holds 32 random bytes, the key in the store is their SHA-256, and the
 * record is sealed: whoever reads the store finds neither a cookie nor a session.
 */
export function createStoreSessions(vault: Vault, settings: StoreSessionSettings, clock: () => Seconds): SessionKeeper {
  const { cookieName, idleSeconds } = settings
  const scope = { purpose: 'session-record', name: cookieName }
  /** What the store held for a record that was read: a change replaces exactly that. */
  const held = new WeakMap<SessionRecord, string>()

  const keyOf = async (token: string): Promise<string> => `session:${encodeBase64url(await sha256(token))}`
  const tokenOf = (sent: RequestCookies): string | null => {
    const token = sent.only(cookieName)
    return token !== null && /^[A-Za-z0-9_-]{43}$/.test(token) ? token : null
  }
  const load = async (key: string): Promise<SessionRecord | null> => {
    const sealed = await (await vault.store()).get(key)
    const opened = sealed === null ? null : await vault.open(scope, sealed)
    if (sealed === null || opened === null) return null
    const record = JSON.parse(opened.text) as Sealed
    held.set(record, sealed)
    return record.version === version ? record : null
  }
  const sealed = async (
    record: NewSessionRecord,
  ): Promise<{ kept: SessionRecord; text: string; lifetime: Seconds }> => {
    const now = clock()
    const kept = { ...record, idleExpiresAt: idleEnd(record, idleSeconds, now) }
    const text = await vault.seal(scope, JSON.stringify({ ...kept, version }))
    return { kept, text, lifetime: kept.idleExpiresAt - now }
  }
  const setCookie = (
    cookies: CookieExchange,
    token: string,
    { kept, lifetime }: { kept: SessionRecord; lifetime: Seconds },
  ) => cookies.response.set(cookieName, token, { lifetime, isCurrent: () => !sessionHistory.hasEnded(kept.id) })

  return {
    async read(sent, audience) {
      const token = tokenOf(sent)
      const record = token === null ? null : await load(await keyOf(token))
      return record !== null && isLive(record, audience, clock()) ? record : null
    },

    async begin(cookies, record, previous) {
      const store = await vault.store()
      const sent = tokenOf(cookies.sent)
      // The old record goes first: at no time do two sessions of one browser exist.
      if (sent !== null) await store.remove(await keyOf(sent))
      if (previous !== null) sessionHistory.end(previous.id)
      const token = randomToken(32)
      const entry = await sealed(record)
      if (!(await store.add(await keyOf(token), entry.text, entry.lifetime))) throw coreError('auth/store_unavailable')
      expireChunks(cookies, cookieName, 1)
      setCookie(cookies, token, entry)
      return entry.kept
    },

    async update(cookies, before, record) {
      const store = await vault.store()
      const token = tokenOf(cookies.sent)
      if (token === null) return null
      const key = await keyOf(token)
      const entry = await sealed(record)
      let expected = held.get(before) ?? null
      for (let attempt = 0; attempt < mostAttempts; attempt++) {
        if (expected !== null && (await store.replace(key, expected, entry.text, entry.lifetime))) {
          setCookie(cookies, token, entry)
          return entry.kept
        }
        const present = await load(key)
        // Ended meanwhile, or changed by another request: what is there now holds.
        if (present === null || present.generation >= record.generation) return present
        expected = held.get(present) ?? null
      }
      throw coreError('auth/store_unavailable', { cause: { reason: 'the record changes too often' } })
    },

    isDueForWriting: (record) => isDueForWriting(record, idleSeconds, clock()),

    async end(cookies, record) {
      if (record !== null) sessionHistory.end(record.id)
      expireChunks(cookies, cookieName)
      const token = tokenOf(cookies.sent)
      if (token !== null) await (await vault.store()).remove(await keyOf(token))
    },
  }
}
