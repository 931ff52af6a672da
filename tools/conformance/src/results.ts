import type { Module, Plan } from './module.ts'
import type { Party } from './party/party.ts'
import { runModule, type Verdict } from './run-module.ts'

/** How one module went on every mount. */
export interface ModuleResult {
  readonly plan: Plan
  readonly module: Module
  /** By the name of the party. */
  readonly verdicts: ReadonlyMap<string, Verdict>
}

/** Runs every module through every party, one after the other. */
export async function runPlans(plans: readonly Plan[], parties: readonly Party[]): Promise<readonly ModuleResult[]> {
  const results: ModuleResult[] = []
  for (const plan of plans) {
    for (const module of plan.modules) {
      const verdicts = new Map<string, Verdict>()
      for (const party of parties) verdicts.set(party.name, await runModule(module, party))
      results.push({ plan, module, verdicts })
    }
  }
  return results
}

/** How many runs there were, and how many went well. */
export function countPassed(results: readonly ModuleResult[]): { readonly passed: number; readonly total: number } {
  const verdicts = results.flatMap((result) => [...result.verdicts.values()])
  return { passed: verdicts.filter((verdict) => verdict === null).length, total: verdicts.length }
}

/** What was wrong, one line each. */
export function failuresOf(results: readonly ModuleResult[]): readonly string[] {
  return results.flatMap(({ module, verdicts }) =>
    [...verdicts]
      .filter(([, verdict]) => verdict !== null)
      .map(([party, verdict]) => `${module.id} ${nameOf(module)} on ${party}: ${verdict}`),
  )
}

function nameOf({ name }: Module): string {
  return name.replace(/^-/, '')
}
