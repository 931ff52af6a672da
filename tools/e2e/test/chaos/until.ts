import { setTimeout as wait } from 'node:timers/promises'

/**
 * Asks again and again until something holds. What fails does not hold.
 *
 * @throws Error after `seconds`
 */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 30): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (!(await holds().catch(() => false))) {
    if (performance.now() > end) throw new Error(`After ${seconds} seconds it does not hold that ${what}.`)
    await wait(50)
  }
}
