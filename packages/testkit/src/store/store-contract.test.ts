import { createMemoryStore } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { memorySubject } from '../../test/memory-subject.ts'
import { storeContract } from './store-contract.ts'

const { create, wait } = memorySubject()
storeContract({ describe, it, create, wait })

describe('the store contract', () => {
  it('waits in earnest without a clock of the caller', async () => {
    const tests = new Map<string, () => Promise<void>>()
    storeContract({
      describe: (_, suite) => suite(),
      it: (title, test) => tests.set(title, test),
      create: () => createMemoryStore(),
    })
    await expect(tests.get('takes what has outlived its lifetime for absent')?.()).resolves.toBeUndefined()
  })
})
