import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { columns, type Row } from './what-was-sent.ts'

/** The tables of docs/navigations.md: by heading and way, what is sent. */
export type Tables = ReadonlyMap<string, ReadonlyMap<string, Row>>

const path = join(import.meta.dirname, '../../../../docs/navigations.md')

/** Reads the tables of docs/navigations.md that have the columns of a row. Others are prose. */
export function readTables(): Tables {
  const sections = readFileSync(path, 'utf8').split(/^#{2,3} /m)
  const tables = sections.map((section) => [section.split('\n', 1)[0] ?? '', rowsOf(section)] as const)
  return new Map(tables.filter(([, rows]) => rows.size > 0))
}

function rowsOf(section: string): ReadonlyMap<string, Row> {
  const [head, , ...lines] = section.split('\n').filter((line) => line.startsWith('|'))
  if (head === undefined || cells(head).slice(1).join() !== columns.join()) return new Map()
  return new Map(lines.map(cells).map(([way = '', ...values]) => [way, toRow(values)]))
}

function cells(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

function toRow(values: readonly string[]): Row {
  const [Mode = '', Dest = '', Site = '', User = '', Origin = '', Referer = '', Purpose = '', ...rest] = values
  const [lax = '', Latchkey = '', Login = ''] = rest
  return { Mode, Dest, Site, User, Origin, Referer, Purpose, 'Lax cookie': lax, Latchkey, Login }
}
