import { quartiles, type Row, ratioOf, type Table } from './table.ts'

/** A table of Markdown, with what was left out below it. */
export function tableText({ operation, unit, goal, rows, leftOut }: Table): string {
  const floor = rows.find(({ kind }) => kind === 'floor')
  const extras = [...new Set(rows.flatMap((row) => Object.keys(row.extras ?? {})))]
  const head = [operation, unit, '× floor', ...extras]
  const lines = rows.map((row) => [
    row.kind === 'official' ? `${row.name} (official stack)` : row.name,
    figure(quartiles(row.samples).median),
    floor === undefined ? '' : ratioText(row, floor),
    ...extras.map((name) => figure(row.extras?.[name] ?? Number.NaN)),
  ])
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`)
  return [
    ...table,
    ...(goal === undefined ? [] : ['', `Goal: ${goal}.`]),
    ...leftOut.map((why) => `\nLeft out: ${why}.`),
  ].join('\n')
}

/** A ratio and where its middle half lies. */
function ratioText(row: Row, floor: Row): string {
  const { low, median, high } = ratioOf(row, floor)
  return row === floor ? '1' : `${figure(median)} [${figure(low)}–${figure(high)}]`
}

/** Three digits that count. */
export function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(value < 1 ? 2 : 3)))
}
