import type { RefreshResult } from '@latchkey/core/provider'
import { expect, it } from 'vitest'
import { countMixUps } from './mix-ups.ts'

// What is in flight at once spans a few seconds of the app's time: less than a late request is served for.
const settings = { users: 20, requests: 3000 }

it.each(['cookie', 'store'] as const)(
  'gives no one the identity or the tokens of another, with sessions in a %s',
  async (strategy) => {
    const { right, mixUps, refused, refreshes } = await countMixUps({ strategy, ...settings })
    expect({ right, mixUps, refused }).toEqual({ right: settings.requests, mixUps: 0, refused: 0 })
    expect(refreshes).toBeGreaterThan(settings.users)
  },
)

it('would count them: a provider that answers all refreshes that come at once alike mixes users up', async () => {
  let last: Promise<RefreshResult> | null = null
  const { mixUps } = await countMixUps({
    strategy: 'cookie',
    ...settings,
    change:
      (refresh) =>
      (...given) => {
        last ??= refresh(...given).finally(() => {
          last = null
        })
        return last
      },
  })
  expect(mixUps).toBeGreaterThan(0)
})
