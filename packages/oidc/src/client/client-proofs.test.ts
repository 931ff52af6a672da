import { expect, it } from 'vitest'
import { startTrial, unprovenSecrets } from './client-proofs.ts'

it('writes no trial with an accessor, which V8 would keep until its next full collection', async () => {
  const secrets = unprovenSecrets([() => undefined])
  const trial = await startTrial({ secrets, clock: () => 0 })
  expect(Object.values(Object.getOwnPropertyDescriptors(trial)).filter(({ get }) => get !== undefined)).toEqual([])
  trial.end()
})
