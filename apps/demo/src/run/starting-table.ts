/** One address of the demo. */
export interface Row {
  readonly name: string
  readonly what: string
  readonly url: string
}

/** What is printed once everything is ready. */
export function startingTable(rows: readonly Row[], sessions: string): string {
  const width = (column: 'name' | 'what'): number => Math.max(...rows.map((row) => row[column].length))
  const [names, whats] = [width('name'), width('what')]
  const lines = rows.map(({ name, what, url }) => `  ${name.padEnd(names)}  ${what.padEnd(whats)}  ${url}`)
  return `
Latchkey demo is ready. Open ${rows[0]?.url ?? ''}

${lines.join('\n')}

  Sessions are kept ${sessions}.

Ctrl-C stops everything.`
}
