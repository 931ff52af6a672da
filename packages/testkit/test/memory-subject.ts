import { createMemoryStore, type Store } from '@latchkey/core'

/** Memory stores on a clock that `wait` moves. */
export function memorySubject(): { create(): Store; wait(seconds: number): void } {
  let now = 1_000_000
  return {
    create: () => createMemoryStore({ clock: () => now }),
    wait(seconds) {
      now += seconds
    },
  }
}
