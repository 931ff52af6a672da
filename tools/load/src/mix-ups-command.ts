import { countMixUps } from './mix-ups.ts'

const people = 1000
const requests = 100_000

for (const kind of ['cookie', 'store'] as const) {
  const startedAt = performance.now()
  const { right, mixUps, refused, renewals } = await countMixUps({ kind, people, requests })
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  console.info(
    `${kind}: ${people} people, ${requests} requests in ${seconds} s, ${renewals} renewals: ${right} right, ${mixUps} mix-ups, ${refused} refused`,
  )
  if (mixUps > 0 || right !== requests) process.exitCode = 1
}
