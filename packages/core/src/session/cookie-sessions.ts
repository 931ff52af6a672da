import { chunkCount, expireChunks, readChunks, writeChunks } from '../cookies/chunks.ts'
import type { CookieExchange } from '../cookies/cookie-exchange.ts'
import { coreError } from '../errors/core-errors.ts'
import type { Vault } from '../vault/vault.ts'
import type { Seconds } from './identity.ts'
import { sessionHistory } from './session-history.ts'
import { idleEnd, isDueForWriting, isLive, type NewSessionRecord, type SessionKeeper } from './session-keeper.ts'
import type { CookieSessionSettings } from './session-options.ts'
import type { SessionRecord } from './session-record.ts'

const version = 1

interface Sealed extends SessionRecord {
  readonly version: typeof version
  readonly chunks: number
}

/** Keeps sessions in sealed cookies. */
export function createCookieSessions(
  vault: Vault,
  settings: CookieSessionSettings,
  clock: () => Seconds,
): SessionKeeper {
  const { cookieName, idleSeconds, maxCookieBytes } = settings
  const scope = { purpose: 'session', name: cookieName }

  return {
    async read(sent, audience) {
      const value = readChunks(sent, cookieName)
      const opened = value === null ? null : await vault.open(scope, value)
      if (value === null || opened === null) return null
      const record = JSON.parse(opened.text) as Sealed
      const isWhole = record.version === version && record.chunks === chunkCount(value.length)
      return isWhole && isLive(record, audience, clock()) ? record : null
    },

    async begin(cookies, record, previous) {
      const kept = await write(cookies, record)
      if (previous !== null) sessionHistory.end(previous.id)
      return kept
    },

    update: (cookies, _before, record) => write(cookies, record),

    isDueForWriting: (record) => isDueForWriting(record, idleSeconds, clock()),

    async end(cookies, record) {
      if (record !== null) sessionHistory.end(record.id)
      expireChunks(cookies, cookieName)
    },
  }

  async function write(cookies: CookieExchange, record: NewSessionRecord): Promise<SessionRecord> {
    const now = clock()
    const idleExpiresAt = idleEnd(record, idleSeconds, now)
    const text = (chunks: number): string => JSON.stringify({ ...record, idleExpiresAt, version, chunks })
    const once = await vault.seal(scope, text(1))
    if (once.length > maxCookieBytes) throw tooLarge(record, once.length, maxCookieBytes)
    const chunks = chunkCount(once.length)
    const value = chunks === 1 ? once : await vault.seal(scope, text(chunks))
    // A session that ends, or changes, before this response leaves is not written back by it.
    const isCurrent = (): boolean => !sessionHistory.isOutdated(record)
    writeChunks(cookies, cookieName, { value, lifetime: idleExpiresAt - now, isCurrent })
    return { ...record, idleExpiresAt }
  }
}

function tooLarge(record: NewSessionRecord, bytes: number, budget: number): Error {
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
