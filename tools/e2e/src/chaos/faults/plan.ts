import type { Row } from '../row.ts'
import { inScene } from '../scene.ts'
import { startSingleRedis } from '../stores/redis-single.ts'
import { stores } from '../stores/stores.ts'
import { primaryLost, silent } from './store-faults.ts'

/** Some rows that are made one after the other on one fleet. */
export interface Part {
  readonly name: string
  /** Whether the short form has it. */
  readonly isShort: boolean
  rows(report: (row: Row) => void): Promise<void>
}

/** Everything that is done. */
export const plan: readonly Part[] = [
  {
    name: 'silence',
    isShort: false,
    rows: (report) =>
      inScene(startSingleRedis, {}, async (scene) => {
        for (const seconds of [1, 3, 6]) report(await silent(seconds)(scene))
      }),
  },
  ...Object.entries(stores).map(([name, start]) => ({
    name,
    isShort: false,
    rows: (report: (row: Row) => void) => inScene(start, {}, async (scene) => report(await primaryLost(scene, name))),
  })),
]
