import { expect, it } from 'vitest'
import { countMixUps } from './mix-ups.ts'

// What is in flight at once spans a few seconds of the app's time: less than a late request is served for.
const settings = { users: 20, requests: 3000 }

it.each(['cookie', 'store'] as const)(
  'gives no one the identity or the tokens of another, with sessions in a %s',
  { timeout: 60_000 },
  async (kind) => {
    const { right, mixUps, refused, refreshes } = await countMixUps({ kind, ...settings })
    expect({ right, mixUps, refused }).toEqual({ right: settings.requests, mixUps: 0, refused: 0 })
    expect(refreshes).toBeGreaterThan(settings.users)
  },
)

it('would count them: a coordinator that shares one result among all mixes users up', {
  timeout: 60_000,
}, async () => {
  const { mixUps } = await countMixUps({
    kind: 'cookie',
    ...settings,
    change: (vault) => ({ ...vault, once: (_key, options) => vault.once('the same for all', options) }),
  })
  expect(mixUps).toBeGreaterThan(0)
})
