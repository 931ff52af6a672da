import { startClock } from './clock.ts'
import type { Module } from './module.ts'
import { openBrowser } from './open-browser.ts'
import type { Party } from './party/party.ts'
import type { Misbehaviour } from './provider/misbehaviour.ts'
import { startProvider } from './provider/start-provider.ts'

/** How a module went: null is well, a text is what was wrong. */
export type Verdict = string | null

/** Runs a module through a party, each of its knobs against a provider of its own. */
export async function runModule(module: Module, party: Party): Promise<Verdict> {
  for (const knobs of [module.knobs].flat()) {
    const verdict = await runOnce(module, knobs, party)
    if (verdict !== null) return verdict
  }
  return null
}

async function runOnce(module: Module, misbehaviour: Misbehaviour, party: Party): Promise<Verdict> {
  const clock = startClock()
  const provider = await startProvider(clock, misbehaviour)
  const running = await party.start({
    provider,
    clock,
    discovers: misbehaviour.metadata !== undefined,
    ...module.setup,
  })
  try {
    await module.run({ provider, party: running, browser: openBrowser(running.server, clock), clock })
    return provider.journal.violations[0] ?? null
  } catch (error) {
    return [...provider.journal.violations, error instanceof Error ? firstLine(error.message) : String(error)].join(
      '; ',
    )
  } finally {
    await running.close()
    await provider.close()
  }
}

function firstLine(text: string): string {
  const [line = '', ...rest] = text.split('\n').filter((part) => part.trim() !== '')
  // What `node:assert` prints of two values: the first is what it was.
  return line.endsWith(':') ? `${line} ${rest.slice(0, 2).join(' ')}` : line
}
