import { type CallTime, createServerClock, startCallTime } from '@latchkey/core/store'
import type { Commands, ScriptCall } from './commands.ts'
import { redisError } from './errors.ts'
import type { Script } from './script.ts'

/** Calls that end in time or have no effect. */
export interface Calls {
  get(key: string): Promise<string | null>
  getMany(keys: readonly string[]): Promise<readonly (string | null)[]>
  /** Whether the script changed the key. */
  write(script: Script, call: ScriptCall): Promise<boolean>
}

/** How long a call has, and the signal that ends with it. */
interface Bounds {
  readonly time: CallTime
  readonly signal: AbortSignal
}

/**
 * Makes calls of commands. Each has `timeoutMilliseconds`: what the client has not sent until then it must not send, and a
 * write that arrives later, by a network or a server that stood still, does nothing.
 *
 * The server tells whether a write is late, by its own clock: each answer of a write says what that is. The first write
 * does nothing but ask.
 */
export function createCalls(commands: Commands, timeoutMilliseconds: number): Calls {
  const clock = createServerClock()

  const ask = async (script: Script, { key, values }: ScriptCall, { time, signal }: Bounds) => {
    const now = clock.now()
    const limit = now === null ? 0 : Math.floor(now + time.remaining())
    const sentAt = performance.now()
    const answer = await commands.run(script, { key, values: [`${limit}`, ...values] }, signal)
    const [outcome, reading] = (answer as readonly unknown[]).map(Number)
    if (outcome === -1) clock.forget()
    if (reading !== undefined && reading > 0) clock.learn(reading, sentAt)
    return outcome
  }

  const inTime = async <T>(call: (bounds: Bounds) => Promise<T>): Promise<T> => {
    const time = startCallTime(timeoutMilliseconds)
    const controller = new AbortController()
    void time.over.then(() => controller.abort())
    try {
      return await call({ time, signal: controller.signal })
    } finally {
      time.stop()
    }
  }

  return {
    get: (key) => inTime(({ signal }) => commands.get(key, signal)),
    getMany: (keys) => inTime(({ signal }) => commands.getMany(keys, signal)),
    write: (script, call) =>
      inTime(async (bounds) => {
        for (;;) {
          const outcome = await ask(script, call, bounds)
          if (outcome !== -1) return outcome === 1
          // Nothing was done. If there is time, the server's clock was not known or was set, or this process stood still.
          if (bounds.time.remaining() <= 0) throw redisError('redis/unavailable', { cause: { reason: 'timeout' } })
        }
      }),
  }
}
