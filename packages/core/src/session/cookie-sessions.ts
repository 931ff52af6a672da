import { chunkCount, expireChunks, readChunks, writeChunks } from '../cookies/chunks.ts'
import type { Cookies } from '../cookies/response-cookies.ts'
import { coreError } from '../errors/core-errors.ts'
import { andThen } from '../model/awaitable.ts'
import { identityAt, type UserKey, userKey } from '../model/identity.ts'
import type { Seconds } from '../model/time.ts'
import type { Vault } from '../vault/vault.ts'
import { packRecord, recordVersion, unpackRecord } from './packed-record.ts'
import { idleEnd, isDueForWriting, isLive, type NewSessionRecord, type SessionRecord } from './record.ts'
import { noMarks } from './revocation.ts'
import { sessionHistory } from './session-history.ts'
import type { CookieSessionSettings } from './settings.ts'
import type { SessionStrategy } from './strategy.ts'

/** Over this the cookies and the rest of a response's headers come near the 4 kB at which proxies cut them. */
const largeBytes = 3600

/** What sessions in cookies are made with. */
export interface CookieSessionParts {
  readonly vault: Vault
  readonly settings: CookieSessionSettings
  readonly clock: () => Seconds
  /** Called at each write of a session over 3,600 bytes. */
  onLarge(session: { readonly bytes: number; readonly maxBytes: number; readonly user: UserKey }): void
}

/** Keeps sessions in sealed cookies. */
export function createCookieSessions({ vault, settings, clock, onLarge }: CookieSessionParts): SessionStrategy {
  const { cookieName, idleSeconds, absoluteSeconds, maxCookieBytes } = settings
  const scope = { purpose: `session-${recordVersion}`, name: cookieName }
  const open = vault.opener(scope)

  return {
    read(sent, origin) {
      const value = readChunks(sent, cookieName)
      if (value === null) return null
      return andThen(open(value), (opened) => {
        const record = opened === null ? null : unpackRecord(opened, chunkCount(value.length))
        if (record === null || !isLive(record, { origin, now: clock(), absoluteSeconds })) return null
        return sessionHistory.hasEnded(record.id) ? null : { record, marks: noMarks }
      })
    },

    readAgain: (_sent, before) =>
      before.absoluteExpiresAt > clock() && !sessionHistory.hasEnded(before.id)
        ? { record: before, marks: noMarks }
        : null,

    async begin(cookies, { previous, continues, make }) {
      const sealed = await seal(make(continues ? previous : null))
      // Nothing is awaited from here on: of a sign-out and a sign-in at once one is first.
      if (previous !== null) {
        if (continues && sessionHistory.hasEnded(previous.id)) throw coreError('auth/session_changed')
        sessionHistory.end(previous.id)
      }
      write(cookies, sealed)
      return sealed.kept
    },

    async update(cookies, before, change) {
      const sealed = await seal(change(before))
      // A session that was signed out meanwhile is over for this request, too.
      if (sessionHistory.hasEnded(before.id)) return null
      sessionHistory.advance(sealed.kept.id, sealed.kept.generation)
      write(cookies, sealed)
      return sealed.kept
    },

    isDueForWriting: (record) => isDueForWriting(record, idleSeconds, clock()),

    async end(cookies, record) {
      if (record !== null) sessionHistory.end(record.id)
      expireChunks(cookies, cookieName)
    },
  }

  async function seal(record: NewSessionRecord): Promise<{ readonly kept: SessionRecord; readonly value: string }> {
    const kept = { ...record, idleExpiresAt: idleEnd(record, idleSeconds, clock()) }
    const once = await vault.seal(scope, packRecord(kept, 1))
    if (once.length > maxCookieBytes) throw tooLarge(record, once.length, maxCookieBytes)
    const chunks = chunkCount(once.length)
    return { kept, value: chunks === 1 ? once : await vault.seal(scope, packRecord(kept, chunks)) }
  }

  function write(cookies: Cookies, { kept, value }: { kept: SessionRecord; value: string }): void {
    const user = identityAt(kept.identities, kept.userProvider)
    if (value.length > largeBytes && user !== undefined) {
      onLarge({ bytes: value.length, maxBytes: maxCookieBytes, user: userKey(user) })
    }
    // A session that ends, or changes, before this response leaves is not written back by it.
    const isCurrent = (): boolean => !sessionHistory.isOutdated(kept)
    writeChunks(cookies, cookieName, { value, lifetime: kept.idleExpiresAt - clock(), isCurrent })
  }
}

function tooLarge(record: NewSessionRecord, bytes: number, budget: number): Error {
  const sizes = Object.entries({ ...fields('tokens', record.tokens), ...fields('data', record.data) })
  const profiles = Object.entries(fields('identities', record.identities))
  const largest = [...sizes, ...profiles]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 3)
    .map(([name, size]) => `${name}: ${size} B`)
    .join(', ')
  return coreError('core/session_too_large', {
    // In the hint, since events carry that and not the cause.
    hint: `Keep less in the session: it has ${bytes} bytes and may have ${budget}. Largest fields: ${largest}.`,
    cause: { bytes, budget, largest },
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
