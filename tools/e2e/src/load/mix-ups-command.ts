import { countMixUps } from './mix-ups.ts'

const users = 1000
const requests = 100_000

for (const strategy of ['cookie', 'store'] as const) {
  const startedAt = performance.now()
  const { right, mixUps, refused, refreshes } = await countMixUps({ strategy, users, requests })
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  console.info(
    `${strategy}: ${users} users, ${requests} requests in ${seconds} s, ${refreshes} refreshes: ${right} right, ${mixUps} mix-ups, ${refused} refused`,
  )
  if (mixUps > 0 || right !== requests) process.exitCode = 1
}
