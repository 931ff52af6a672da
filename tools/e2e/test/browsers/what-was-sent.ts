import { toRequestLike } from '@latchkey/core/adapter/node'
import { type Navigation, navigationOf } from '../../../../packages/core/src/request/navigation.ts'
import type { Asked } from './arrivals.ts'

/** The columns of docs/navigations.md behind the way, in order. */
export const columns = [
  'Mode',
  'Dest',
  'Site',
  'User',
  'Origin',
  'Referer',
  'Purpose',
  'Lax cookie',
  'Latchkey',
  'Login',
] as const

/** A row as docs/navigations.md has it. */
export type Row = Readonly<Record<(typeof columns)[number], string>>

const none = '–'

/** Writes down a request as a row, and what we make of it. */
export async function rowOf(asked: Asked, ours: string): Promise<Row> {
  const { headers } = asked
  const sent = (name: string): string => String(headers[name] ?? none)
  const navigation: Navigation | null = navigationOf(toRequestLike({ method: asked.method, headers }))
  return {
    Mode: sent('sec-fetch-mode'),
    Dest: sent('sec-fetch-dest'),
    Site: sent('sec-fetch-site'),
    User: sent('sec-fetch-user'),
    Origin: owner(headers.origin, ours),
    Referer: referer(headers.referer, ours),
    Purpose: purpose(headers['sec-purpose'], headers['purpose']),
    'Lax cookie': headers.cookie?.includes('lax=1') === true ? 'yes' : 'no',
    Latchkey: navigation === null ? 'null' : `\`${navigation}\``,
    Login: await login(asked.response),
  }
}

function owner(origin: string | undefined, ours: string): string {
  if (origin === undefined) return none
  if (origin === 'null') return '`null`'
  return origin === ours ? 'ours' : 'theirs'
}

function referer(url: string | undefined, ours: string): string {
  if (url === undefined) return none
  const { origin, pathname } = new URL(url)
  return `${owner(origin, ours)}, ${pathname === '/' ? 'origin' : 'whole'}`
}

function purpose(standard: string | string[] | undefined, old: string | string[] | undefined): string {
  const both = [standard, old && `Purpose: ${String(old)}`].filter((each) => each !== undefined)
  return both.length === 0 ? none : `\`${both.join('`, `')}\``
}

/** A login that begins has a cookie of its own; a refusal has none and says why. */
async function login(response: Response): Promise<string> {
  const cookies = response.headers.getSetCookie().length
  if (response.status === 303 && cookies === 1) return 'begins'
  const text = await response.text()
  const code = /"code":"([^"]+)"/.exec(text)?.[1] ?? 'no code'
  if (cookies === 0 && response.status === 400 && code === 'core/not_a_navigation') return '400'
  if (cookies === 0 && response.status === 405 && (code === 'core/method_not_allowed' || text === '')) return '405'
  return `${response.status} ${code}, ${cookies} cookies`
}
