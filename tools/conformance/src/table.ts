import { countPassed, type ModuleResult } from './results.ts'

/** The results as a Markdown table, with a total. */
export function resultTable(results: readonly ModuleResult[]): string {
  const parties = [...(results[0]?.verdicts.keys() ?? [])]
  const rows = results.flatMap(({ plan, module, verdicts }, index) => {
    const cells = parties.map((party) => (verdicts.get(party) === null ? 'pass' : '**fail**'))
    const { id, name, misbehaviour, required } = module
    const row = tableRow([id, `\`${shortName(plan.prefix + name)}\``, misbehaviour, required, ...cells])
    const isFirst = results[index - 1]?.plan !== plan
    return isFirst ? [tableRow([`**${plan.name}**`, '', '', '', ...parties.map(() => '')]), row] : [row]
  })
  const totals = parties.map((party) => {
    const own = results.map((result) => ({
      ...result,
      verdicts: new Map([[party, result.verdicts.get(party) ?? null]]),
    }))
    const { passed, total } = countPassed(own)
    return `**${passed}/${total}**`
  })
  const { passed, total } = countPassed(results)
  return [
    tableRow(['#', 'module', 'the provider', 'the client', ...parties]),
    tableRow(['---', '---', '---', '---', ...parties.map(() => '---')]),
    ...rows,
    tableRow(['**Total**', `**${passed}/${total} = ${Math.floor((100 * passed) / total)} %**`, '', '', ...totals]),
  ].join('\n')
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** The suite's names are long, and so are the prefixes that they share. */
function shortName(name: string): string {
  return name.replace('fapi2-security-profile-final-client-test-', 'fapi2-…-')
}
