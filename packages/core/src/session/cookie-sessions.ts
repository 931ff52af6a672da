import { chunkCount, expireChunks, readChunks, writeChunks } from '../cookies/chunks.ts'
import type { CookieExchange } from '../cookies/cookie-exchange.ts'
import type { RequestCookies } from '../cookies/request-cookies.ts'
import { coreError } from '../errors/core-errors.ts'
import type { Vault } from '../vault/vault.ts'
import type { Seconds } from './identity.ts'
import { sessionHistory } from './session-history.ts'
import type { SessionSettings } from './session-options.ts'
import type { SessionRecord } from './session-record.ts'

/** Where session records are kept between requests. */
export interface SessionKeeper {
  /** The live session of these cookies, for this audience; null for anything else. */
  read(sent: RequestCookies, audience: string): Promise<SessionRecord | null>
  /**
   * Keeps a record from now on, with its idle time begun anew.
   *
   * @returns The record as it is kept.
   * @throws `core/session_too_large`
   */
  write(cookies: CookieExchange, record: Omit<SessionRecord, 'idleExpiresAt'>): Promise<SessionRecord>
  /** Whether so much of the idle time is gone that the record is to be written again. */
  isDueForWriting(record: SessionRecord): boolean
  /** Ends a session; nothing brings it back in this process. */
  end(record: SessionRecord): void
  /** Removes the session's cookies from the browser. */
  forget(cookies: CookieExchange): void
}

const version = 1

interface Sealed extends SessionRecord {
  readonly version: typeof version
  readonly chunks: number
}

/** Keeps sessions in sealed cookies. */
export function createCookieSessions(vault: Vault, settings: SessionSettings, clock: () => Seconds): SessionKeeper {
  const { cookieName, idleSeconds, maxCookieBytes } = settings
  const scope = { purpose: 'session', name: cookieName }

  return {
    async read(sent, audience) {
      const value = readChunks(sent, cookieName)
      const opened = value === null ? null : await vault.open(scope, value)
      if (value === null || opened === null) return null
      const record = JSON.parse(opened.text) as Sealed
      const now = clock()
      const alive =
        record.version === version &&
        record.chunks === chunkCount(value.length) &&
        record.audience === audience &&
        record.idleExpiresAt > now &&
        record.absoluteExpiresAt > now &&
        !sessionHistory.hasEnded(record.id)
      return alive ? record : null
    },

    async write(cookies, record) {
      const now = clock()
      const idleExpiresAt = Math.min(now + idleSeconds, record.absoluteExpiresAt)
      const text = (chunks: number): string => JSON.stringify({ ...record, idleExpiresAt, version, chunks })
      const once = await vault.seal(scope, text(1))
      if (once.length > maxCookieBytes) throw tooLarge(record, once.length, maxCookieBytes)
      const chunks = chunkCount(once.length)
      const value = chunks === 1 ? once : await vault.seal(scope, text(chunks))
      // A session that ends, or changes, before this response leaves is not written back by it.
      const isCurrent = (): boolean => !sessionHistory.isOutdated(record)
      writeChunks(cookies, cookieName, { value, lifetime: idleExpiresAt - now, isCurrent })
      return { ...record, idleExpiresAt }
    },

    isDueForWriting(record) {
      return record.idleExpiresAt < record.absoluteExpiresAt && record.idleExpiresAt - clock() < idleSeconds / 2
    },

    end(record) {
      sessionHistory.end(record.id)
    },

    forget(cookies) {
      expireChunks(cookies, cookieName)
    },
  }
}

function tooLarge(record: Omit<SessionRecord, 'idleExpiresAt'>, bytes: number, budget: number): Error {
  const sizes = Object.entries({ ...fields('credentials', record.credentials), ...fields('data', record.data) })
  const profiles = Object.entries(fields('identities', record.identities))
  const largest = [...sizes, ...profiles].sort(([, one], [, other]) => other - one).slice(0, 3)
  return coreError('core/session_too_large', {
    cause: { bytes, budget, largest: largest.map(([name, size]) => `${name}: ${size} B`).join(', ') },
  })
}

/** Sizes of the members, and of the members' members, by path. */
function fields(path: string, value: object): Record<string, number> {
  const sizes: Record<string, number> = {}
  for (const [name, member] of Object.entries(value as Record<string, unknown>)) {
    const text = JSON.stringify(member) ?? ''
    if (typeof member === 'object' && member !== null && path.split('.').length < 3) {
      Object.assign(sizes, fields(`${path}.${name}`, member))
    } else {
      sizes[`${path}.${name}`] = new TextEncoder().encode(text).length
    }
  }
  return sizes
}
