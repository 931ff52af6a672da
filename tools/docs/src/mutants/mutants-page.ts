import type { Mutant } from './read-mutants.ts'

/** Writes docs/mutants.md: each check that was broken, and the test that noticed. */
export function mutantsPage(killers: ReadonlyMap<Mutant, string>, date: string): string {
  const rows = [...killers].map(
    ([{ number, what, path }, test]) => `| ${number} | ${cell(what)} | \`${path}\` | ${cell(test)} |`,
  )
  return [
    '# Mutants',
    '',
    `\`pnpm mutants\` breaks ${rows.length} checks that protect users, one at a time in a copy of the checkout, and runs the tests that`,
    `hold them. A check that can be broken without a red test fails the command. All ${rows.length} were killed, the last of`,
    `them on ${date}. The list is in \`tools/docs/src/mutants\`; what each claim of the`,
    '[threat model](threat-model.md) rests on is said there.',
    '',
    '| | what is broken | where | the first test that fails |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function cell(text: string): string {
  const short = text.length > 160 ? `${text.slice(0, 159)}…` : text
  return short.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
