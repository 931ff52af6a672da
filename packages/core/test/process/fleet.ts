import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Auth } from '../../src/index.ts'
import type { RefreshResult } from '../../src/provider.ts'
import { exampleSecret } from '../app.ts'
import { Browser } from '../browser.ts'
import type { Ask, PlainAnswer, PlainInit, Tell } from './app-process.ts'

/** One process of an app that keeps its sessions in sealed cookies. */
export interface AppProcess {
  /** A browser whose requests this process answers. */
  browser(): Browser
  /** Asks for the session with the browser's cookies, which keeps what the answer sets; tells the subject. */
  ask(browser: Browser): Promise<string | null>
  /** Begins the same, and holds the answer up until it is released. */
  hold(browser: Browser): Promise<{ release(): Promise<PlainAnswer> }>
}

export interface Fleet {
  start(): Promise<AppProcess>
  pass(seconds: number): void
  close(): Promise<void>
}

/** Processes of one secret and one time, without a store; `refresh` is the vendor that all of them ask. */
export function createFleet(refresh: (refreshToken: string) => RefreshResult): Fleet {
  const secret = exampleSecret()
  const processes: ChildProcess[] = []
  let now = 1_800_000_000
  let lastId = 0
  return {
    pass(seconds) {
      now += seconds
      for (const child of processes) child.send({ id: 0, kind: 'clock', now } satisfies Ask)
    },
    async close() {
      for (const child of processes.splice(0)) await ended(child)
    },
    async start() {
      const child = fork(join(import.meta.dirname, 'app-process.ts'), {
        execArgv: ['--conditions=latchkey:source'],
        env: { EXAMPLE_SECRET: secret },
      })
      processes.push(child)
      child.setMaxListeners(0)
      child.on('message', (message: Tell) => {
        if (message.kind !== 'refresh') return
        const answer = refresh(message.refreshToken)
        child.send({ id: message.id, kind: 'refreshed', refresh: answer } satisfies Ask)
      })
      await told(child, (message) => message.kind === 'ready')
      child.send({ id: 0, kind: 'clock', now } satisfies Ask)

      const answerTo = async (id: number): Promise<PlainAnswer> => {
        const message = await told(child, (message) => message.kind === 'answer' && message.id === id)
        return (message as Extract<Tell, { kind: 'answer' }>).answer
      }
      const begin = (kind: 'handle' | 'read', request: Request, extra: Partial<PlainInit> = {}): number => {
        const init = { headers: Object.fromEntries(request.headers), method: request.method, ...extra }
        child.send({ id: ++lastId, kind, url: request.url, init } satisfies Ask)
        return lastId
      }
      const handle = async (request: Request): Promise<Response> => {
        const { status, headers, body } = await answerTo(begin('handle', request))
        return new Response(body === '' ? null : body, {
          status,
          headers: headers.map(([name, value]) => [name, value]),
        })
      }
      return {
        browser: () => new Browser({ handle } as Pick<Auth, 'handle'> as Auth, () => now),
        async ask(browser) {
          const { headers, subject } = await answerTo(begin('read', browser.request()))
          browser.keep(headers)
          return subject
        },
        async hold(browser) {
          const id = begin('read', browser.request(), { hold: true })
          const answer = answerTo(id)
          await told(child, (message) => message.kind === 'held' && message.id === id)
          return {
            release() {
              child.send({ id: 0, kind: 'release' } satisfies Ask)
              return answer
            },
          }
        },
      }
    },
  }
}

async function told(child: ChildProcess, isIt: (message: Tell) => boolean): Promise<Tell> {
  return new Promise((resolve) => {
    const listener = (message: Tell): void => {
      if (!isIt(message)) return
      child.off('message', listener)
      resolve(message)
    }
    child.on('message', listener)
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  // Nothing of ours keeps a process alive: without its channel it ends by itself.
  child.disconnect()
  await exit
}
