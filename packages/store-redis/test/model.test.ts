import { createMemoryStore, type Store } from '@latchkey/core'
import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import fc from 'fast-check'
import type { RedisClientType } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from './connection.ts'
import { passTime } from './pass-time.ts'
import { patientStore } from './patient-store.ts'

/** What a store should hold: the simplest thing that could be right. */
interface Model {
  now: number
  readonly entries: Map<string, { readonly value: string; readonly endsAt: number }>
}

interface Subject {
  readonly store: Store
  passTime(seconds: number): void | Promise<void>
}

type Command = fc.AsyncCommand<Model, Subject>

function held({ entries, now }: Model, key: string): string | null {
  const entry = entries.get(key)
  return entry !== undefined && entry.endsAt > now ? entry.value : null
}

function write({ entries, now }: Model, key: string, [value, lifetime]: readonly [string, number]): void {
  entries.set(key, { value, endsAt: now + lifetime })
}

/** A command: what it does to the model tells what the store must answer. */
function command(name: string, expected: (model: Model) => unknown, actual: (subject: Subject) => unknown): Command {
  return {
    check: () => true,
    async run(model, subject) {
      const answer = await actual(subject)
      expect(answer).toEqual(expected(model))
    },
    toString: () => name,
  }
}

const key = fc.constantFrom('a', 'b', 'c')
const value = fc.constantFrom('', '1', '2', '3', 'é', 'x'.repeat(2000))
// Tens of seconds, so that a slow machine lives through the same as the model.
const lifetime = fc.integer({ min: 1, max: 6 }).map((tens) => tens * 10)

const commands = [
  key.map((key) =>
    command(
      `get ${key}`,
      (model) => held(model, key),
      ({ store }) => store.get(key),
    ),
  ),
  fc.tuple(key, value, lifetime).map(([key, value, lifetime]) =>
    command(
      `set ${key} ${value} ${lifetime}`,
      (model) => write(model, key, [value, lifetime]),
      ({ store }) => store.set(key, value, lifetime),
    ),
  ),
  fc.tuple(key, value, lifetime).map(([key, value, lifetime]) =>
    command(
      `add ${key} ${value} ${lifetime}`,
      (model) => {
        if (held(model, key) !== null) return false
        write(model, key, [value, lifetime])
        return true
      },
      ({ store }) => store.add(key, value, lifetime),
    ),
  ),
  fc.tuple(key, value, value, lifetime).map(([key, expected, value, lifetime]) =>
    command(
      `replace ${key} ${expected} ${value} ${lifetime}`,
      (model) => {
        if (held(model, key) !== expected) return false
        write(model, key, [value, lifetime])
        return true
      },
      ({ store }) => store.replace(key, expected, value, lifetime),
    ),
  ),
  fc.tuple(key, fc.option(value, { nil: undefined })).map(([key, expected]) =>
    command(
      `remove ${key} ${expected}`,
      (model) => {
        const present = held(model, key)
        if (present === null || (expected !== undefined && present !== expected)) return false
        return model.entries.delete(key)
      },
      ({ store }) => (expected === undefined ? store.remove(key) : store.remove(key, expected)),
    ),
  ),
  lifetime.map((seconds) =>
    command(
      `wait ${seconds}`,
      (model) => void (model.now += seconds),
      (subject) => subject.passTime(seconds),
    ),
  ),
]

async function compareWithModel(createSubject: () => Subject | Promise<Subject>, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: '+1' }), async (steps) => {
      const real = await createSubject()
      await fc.asyncModelRun(() => ({ model: { now: 0, entries: new Map() }, real }), steps)
    }),
    { numRuns: runs },
  )
}

describe('the memory store', () => {
  it('is as its model, whatever is done to it', async () => {
    await compareWithModel(() => {
      let now = 0
      return { store: createMemoryStore({ clock: () => now }), passTime: (seconds) => void (now += seconds) }
    }, 300)
  })
})

describeWithRedis('the Redis store', () => {
  let redis: RedisProcess
  let client: RedisClientType
  beforeAll(async () => {
    redis = await startRedis()
    client = await connect(redis.url)
  })
  afterAll(async () => {
    client.destroy()
    await redis.stop()
  })

  it('is as its model, whatever is done to it', async () => {
    await compareWithModel(async () => {
      await client.flushAll()
      return { store: patientStore(client), passTime: (seconds) => passTime(client, seconds) }
    }, 300)
  })
})
