import { createAuth } from '../../src/index.ts'
import type { RefreshResult } from '../../src/provider.ts'
import { acme } from '../acme-provider.ts'

/** What a process of an app is asked, one after the other or at once. */
export type Ask =
  | { readonly id: number; readonly kind: 'handle' | 'read'; readonly url: string; readonly init: PlainInit }
  | { readonly id: number; readonly kind: 'clock'; readonly now: number }
  /** The answer to what the process itself asked. */
  | { readonly id: number; readonly kind: 'refreshed'; readonly refresh: RefreshResult }
  /** Lets what `hold` held up go on. */
  | { readonly id: number; readonly kind: 'release' }

export interface PlainInit {
  readonly headers: Record<string, string>
  /** Answers only when it is told to: the headers are made then. */
  readonly hold?: boolean
}

/** What it answers, or asks. */
export type Tell =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: PlainAnswer }
  | { readonly kind: 'held'; readonly id: number }
  | { readonly kind: 'refresh'; readonly id: number; readonly refreshToken: string }

export interface PlainAnswer {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  readonly subject: string | null
}

let now = 1_800_000_000
let lastId = 0
const refreshes = new Map<number, (refresh: RefreshResult) => void>()
const held: (() => void)[] = []
const tell = (message: Tell): void => void process.send?.(message)
const clock = (): number => now

const base = acme('acme')
const auth = createAuth({
  baseUrl: 'https://app.example',
  secret: process.env['EXAMPLE_SECRET'] ?? '',
  clock,
  providers: [
    {
      name: 'acme',
      mount: (host) => ({
        ...base.mount(host),
        refresh: ({ refreshToken = '' }) =>
          new Promise<RefreshResult>((resolve) => {
            const id = ++lastId
            refreshes.set(id, resolve)
            tell({ kind: 'refresh', id, refreshToken })
          }),
      }),
    },
  ],
})

process.on('message', (ask: Ask) => void answer(ask))
tell({ kind: 'ready' })

async function answer(ask: Ask): Promise<void> {
  if (ask.kind === 'clock') now = ask.now
  else if (ask.kind === 'refreshed') refreshes.get(ask.id)?.(ask.refresh)
  else if (ask.kind === 'release') for (const release of held.splice(0)) release()
  else if (ask.kind === 'handle') {
    const response = await auth.handle(new Request(ask.url, ask.init))
    const plain = { status: response.status, headers: [...response.headers], body: await response.text() }
    tell({ kind: 'answer', id: ask.id, answer: { ...plain, subject: null } })
  } else {
    const reading = await auth.getSession(new Request(ask.url, ask.init))
    if (ask.init.hold === true) {
      tell({ kind: 'held', id: ask.id })
      await new Promise<void>((resolve) => held.push(resolve))
    }
    const subject = reading.session?.identities.acme?.subject ?? null
    tell({ kind: 'answer', id: ask.id, answer: { status: 200, headers: [...reading.headers], body: '', subject } })
  }
}
