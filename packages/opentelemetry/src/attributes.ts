import type { AuthEvent } from '@latchkey/core'
import type { Attributes } from '@opentelemetry/api'
import { knownCodes } from './known-codes.ts'

/** Makes attributes of events: of few values each, and of none that names a user, a tenant or a host. */
export interface EventAttributes {
  /** The provider, code, reason, status and endpoint of an event, as far as it has them. */
  of(event: AuthEvent): Attributes
  /** A word, or `other` for a text and for what comes after 100 others. */
  word(kind: string, value: unknown): string | undefined
}

/** More values than an app has providers or reasons; a metric has a series for each. */
const maxWords = 100

/** The codes that core makes under the name of any provider, and those with which a login begins again. */
const providerWords: ReadonlySet<string> = new Set([
  'missing_state',
  'invalid_state',
  'missing_transaction',
  'missing_login_state',
  'invalid_login_state',
  'login_required',
  'interaction_required',
  'invalid_grant',
  'authentication_expired',
  'temporarily_unavailable',
])

/** @param appCodes Codes of the app's own that are kept. */
export function createAttributes(appCodes: readonly string[] = []): EventAttributes {
  const own = new Set(appCodes)
  const known = new Map<string, Set<string>>()

  const word: EventAttributes['word'] = (kind, value) => {
    if (value === undefined) return undefined
    if (typeof value !== 'string' || !/^[a-z][a-z0-9_.]{0,39}$/.test(value)) return 'other'
    const words = known.get(kind) ?? new Set()
    known.set(kind, words)
    if (words.size < maxWords) words.add(value)
    return words.has(value) ? value : 'other'
  }
  const codeOf = (code: unknown, provider: unknown): string | undefined => {
    if (typeof code !== 'string') return undefined
    if (knownCodes.has(code) || own.has(code)) return code
    const [prefix, rest = ''] = code.split('/')
    return prefix === word('provider', provider) && providerWords.has(rest) ? code : 'app/other'
  }

  return {
    word,
    of(event) {
      const { provider, code, reason, status, endpoint } = event as Readonly<Record<string, unknown>>
      return withoutUndefined({
        'latchkey.provider': word('provider', provider),
        'latchkey.code': codeOf(code, provider),
        'latchkey.reason': word('reason', reason),
        'latchkey.endpoint': word('endpoint', endpoint),
        'http.response.status_code': typeof status === 'number' ? status : undefined,
      })
    },
  }
}

function withoutUndefined(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}
