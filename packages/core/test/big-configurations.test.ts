import { expect, it } from 'vitest'
import { createApp } from './app.ts'

const methods = [
  'includes',
  'some',
  'every',
  'find',
  'findIndex',
  'indexOf',
  'filter',
  'map',
  'flatMap',
  'values',
] as const
const many = 10_000

/** How often a long list was gone through while something ran. */
async function longSearches(run: () => Promise<void>): Promise<number> {
  let searches = 0
  const originals = [...methods, Symbol.iterator].map((name) => {
    const original = Object.getOwnPropertyDescriptor(Array.prototype, name) as PropertyDescriptor
    const call = original.value as (...given: unknown[]) => unknown
    Object.defineProperty(Array.prototype, name, {
      ...original,
      value(this: readonly unknown[], ...given: unknown[]) {
        if (this.length >= many) searches += 1
        return call.apply(this, given)
      },
    })
    return [name, original] as const
  })
  try {
    await run()
  } finally {
    for (const [name, original] of originals) Object.defineProperty(Array.prototype, name, original)
  }
  return searches
}

it('a request searches no long list of origins', async () => {
  const originsAt = (domain: string) => Array.from({ length: many }, (_, index) => `https://o${index}.${domain}`)
  const { auth } = createApp({
    baseUrl: originsAt('app.example'),
    trustedOrigins: originsAt('trusted.example'),
    returnOrigins: originsAt('return.example'),
  })
  const host = `o${many - 1}.app.example`
  const statuses: number[] = []
  const ask = async (path: string, headers: Record<string, string> = {}): Promise<void> => {
    const response = await auth.handle(new Request(`https://${host}/auth${path}`, { headers: { host, ...headers } }))
    statuses.push(response.status)
  }
  expect(await longSearches(async () => void [...Array.from({ length: many })])).toBeGreaterThan(0)
  const searches = await longSearches(async () => {
    await ask('/session')
    await ask('/session', { origin: `https://o${many - 1}.trusted.example` })
    await ask('/session', { origin: 'https://evil.example' })
    await ask(`/acme/login?return_url=https://o${many - 1}.return.example/x`, { accept: 'text/html' })
    await ask('/session', { host: 'evil.example' })
  })
  expect(searches).toBe(0)
  expect(statuses).toEqual([200, 200, 200, 303, 421])
})
