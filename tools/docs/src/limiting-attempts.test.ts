import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Attempt, RateLimit } from '@latchkey/core'
import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { examplesOf } from './examples.ts'

interface Limiter {
  limitBy(addressOf: (attempt: Attempt) => string | undefined): RateLimit
  networkOf(address: string): string
}

const page = 'docs/guides/limiting-attempts.md'

/** The guide's file, as it stands there. */
async function importLimiter(): Promise<Limiter> {
  const text = readFileSync(join(import.meta.dirname, '../../..', page), 'utf8')
  const code = examplesOf(page, text).find(({ file }) => file.endsWith('/limiter.ts'))?.code ?? ''
  // Inside of this package, whose dependencies are those of the examples.
  const folder = mkdtempSync(join(import.meta.dirname, '../examples-'))
  try {
    writeFileSync(join(folder, 'limiter.ts'), code)
    return (await import(pathToFileURL(join(folder, 'limiter.ts')).href)) as Limiter
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Which framework's request it is, the guide's function for the address knows alone. */
const frameworkRequest = {} as Attempt['frameworkRequest']

const attempt = (kind: Attempt['kind'], provider = 'acme'): Attempt => ({ kind, provider, frameworkRequest })

describeWithRedis('the limiter of the guide', () => {
  let redis: RedisProcess
  let limiter: Limiter
  beforeAll(async () => {
    redis = await startRedis()
    vi.stubEnv('REDIS_URL', redis.url)
    // It reports that Redis is away.
    vi.spyOn(console, 'error').mockImplementation(() => {})
    limiter = await importLimiter()
  })
  afterAll(() => redis.stop())

  it('lets 30 attempts of a kind and network pass, and says when to come again', async () => {
    let last = 0
    // Another address of one network each time.
    const limit = limiter.limitBy(() => `2001:db8::${(last++).toString(16)}`)
    for (let count = 0; count < 30; count++) expect(await limit(attempt('login'))).toBe(true)
    expect(await limit(attempt('login'))).toEqual({ retryAfterSeconds: expect.any(Number) })
    expect(await limit(attempt('callback'))).toBe(true)
    expect(await limiter.limitBy(() => '192.0.2.7')(attempt('login'))).toBe(true)
  })

  it.each([
    ['sign-outs', attempt('logout', 'core')],
    ['a vendor’s back-channel logouts', attempt('launch', 'openid')],
    ['bearer tokens', attempt('bearer')],
  ])('never refuses %s', async (_what, unlimited) => {
    const limit = limiter.limitBy(() => '192.0.2.8')
    for (let count = 0; count < 40; count++) expect(await limit(unlimited)).toBe(true)
  })

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['unknown', 'unknown'],
  ])('counts %s as %s', (address, network) => {
    expect(limiter.networkOf(address)).toBe(network)
  })

  it('counts in this process while Redis is away', async () => {
    await redis.kill()
    const limit = limiter.limitBy(() => '192.0.2.9')
    for (let count = 0; count < 30; count++) expect(await limit(attempt('login'))).toBe(true)
    expect(await limit(attempt('login'))).toEqual({ retryAfterSeconds: expect.any(Number) })
  })
})
