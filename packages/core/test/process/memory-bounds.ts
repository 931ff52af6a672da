import { randomBytes } from 'node:crypto'
import { createMemoryStore } from '../../src/index.ts'
import { systemClock } from '../../src/model/time.ts'
import { retryTimes, spentTokens } from '../../src/session/refresh-memory.ts'
import { createRevocations } from '../../src/session/revocation.ts'
import { sessionHistory } from '../../src/session/session-history.ts'
import type { KeptKind } from '../../src/vault/shared-work.ts'
import { openVault, type Vault } from '../../src/vault/vault.ts'

/** What a process remembers, filled to its bound. */
interface Memory {
  readonly what: string
  readonly entries: number
  /** Puts in the entry with this number, as large as it is in an app. */
  fill(index: number): unknown
}

/** A flat text of its own: base64url, so many characters. */
const text = (characters: number): string => randomBytes(characters).toString('base64url').slice(0, characters)

/** A session cookie with tokens of usual length. */
const sessionCharacters = 3000

const now = 1_800_000_000

// What stands still expires at no moment of the measurement.
const open = (store?: ReturnType<typeof createMemoryStore>): Vault =>
  openVault({ secrets: [text(43)], store, clock: () => now })

// Its own memory is not measured: it forgets all but one entry.
const shared = open(createMemoryStore({ maxEntries: 1, clock: () => now }))
const alone = open()
const revocations = createRevocations(alone, 3600, () => now)

function kept(kind: KeptKind, result: () => Record<string, string>): Memory['fill'] {
  return (index) => alone.once(`${kind} ${index}`, { lifetime: 3600, keptAs: () => kind, work: async () => result() })
}

const cookieLine = (name: string, characters: number): string =>
  `__Host-latchkey${name}=${text(characters)}; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Lax`

const memories: readonly Memory[] = [
  {
    what: 'redeemed logins, without a store (each kind of marks)',
    entries: 50_000,
    fill: () => alone.markUsed('transaction', text(100), 600),
  },
  {
    what: 'redeemed logins that the store knows of',
    entries: 50_000,
    fill: () => shared.markUsed('transaction', text(100), 600),
  },
  {
    what: 'ends of sign-ins, without a store',
    entries: 50_000,
    fill: () => revocations.revoke({ provider: 'acme', issuer: 'https://acme.example', subject: text(36) }),
  },
  { what: 'generations and ends of cookie sessions', entries: 50_000, fill: () => sessionHistory.end(text(22)) },
  { what: 'spent refresh tokens', entries: 50_000, fill: () => spentTokens.add(text(43)) },
  { what: 'failed refreshes', entries: 10_000, fill: () => retryTimes.failed(text(43), systemClock()) },
  {
    what: 'results of refreshes',
    entries: 10_000,
    fill: kept('work', () => ({ kind: 'refreshed', accessToken: text(1200), refreshToken: text(800) })),
  },
  { what: 'results of other work of providers', entries: 10_000, fill: kept('provider', () => ({ result: text(64) })) },
  {
    what: 'answers of callbacks that signed somebody in',
    entries: 10_000,
    fill: kept('sign-in', () => ({
      location: `/${text(40)}`,
      session: cookieLine('', sessionCharacters),
      login: cookieLine(`.acme.${text(11)}`, 0),
    })),
  },
  {
    what: 'answers of callbacks that were refused',
    entries: 10_000,
    fill: kept('refusal', () => ({
      location: `/error?code=${text(40)}`,
      login: cookieLine(`.acme.${text(11)}`, 0),
    })),
  },
  {
    what: "sessions of `strategy: 'store'`, without a store",
    entries: 10_000,
    fill: async () => (await alone.store('sessions')).set(`session:${text(43)}`, text(sessionCharacters), 3600),
  },
]

function usedBytes(): number {
  if (globalThis.gc === undefined) throw new Error('Start Node with --expose-gc.')
  globalThis.gc()
  globalThis.gc()
  return process.memoryUsage().heapUsed
}

let total = 0
console.info('| what | entries | memory |\n|---|---|---|')
for (const { what, entries, fill } of memories) {
  // What is made once for all of them is not measured.
  await fill(-1)
  const before = usedBytes()
  for (let index = 0; index < entries; index++) await fill(index)
  const megabytes = (usedBytes() - before) / 1024 / 1024
  total += megabytes
  console.info(`| ${what} | ${entries.toLocaleString('en')} | ${megabytes.toFixed(1)} MB |`)
}
console.info(`| all of them | | ${Math.round(total)} MB |`)
