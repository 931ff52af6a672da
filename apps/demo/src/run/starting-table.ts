/** One address of the demo. */
export interface Row {
  readonly name: string
  readonly url: string
}

/** What is printed once everything is ready. */
export function startingTable(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length))
  const lines = rows.map(({ name, url }) => `  ${name.padEnd(width)}  ${url}`)
  return `\nLatchkey demo is ready. Open ${rows[0]?.url ?? ''}\n\n${lines.join('\n')}\n\nCtrl-C stops everything.`
}
