import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { RedisClient } from './redis-client.ts'
import { createRedisStore, type RedisStoreOptions } from './redis-store.ts'

const command = async (): Promise<never> => {
  throw new Error('not reached')
}
const client: RedisClient = { get: command, eval: command, evalSha: command }

describe('createRedisStore', () => {
  it.each([
    ['client', {}],
    ['client', { client: undefined }],
    ['client', { client: null }],
    ['client', { client: { ...client, evalSha: 'canary' } }],
    ['prefix', { client, prefix: 5 }],
    ['prefix', { client, prefix: null }],
    ['url', { client, url: 'redis://canary' }],
    ['options', null],
  ])('refuses a bad `%s` and does not show it (%#)', (option, options) => {
    try {
      createRedisStore(options as RedisStoreOptions)
    } catch (error) {
      expect(error).toMatchObject({ code: 'core/invalid_option', cause: { factory: 'createRedisStore', option } })
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary')
      return
    }
    expect.unreachable()
  })

  it('takes an option that is undefined as not given', () => {
    expect(() => createRedisStore({ client, prefix: undefined })).not.toThrow()
  })
})
