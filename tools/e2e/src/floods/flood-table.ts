import type { FloodResult } from './run-floods.ts'

const columns = ['request', 'answers', 'store commands', 'vendor calls', 'heap growth', 'promises of others']

/** The results as a table of Markdown, one row for each kind of request. */
export function floodTable(results: readonly FloodResult[]): string {
  const rows = [...new Set(results.map(({ what }) => what))].map((what) => {
    const runs = results.filter((result) => result.what === what)
    return [
      what,
      same(runs.map(({ keeping, statuses }) => ({ keeping, text: answersOf(statuses) }))),
      same(runs.filter(hasStore).map(({ keeping, storeCommands }) => ({ keeping, text: grouped(storeCommands) }))),
      same(runs.map(({ keeping, vendorCalls }) => ({ keeping, text: grouped(vendorCalls) }))),
      growthOf(runs),
      runs.flatMap(({ keeping, broken }) => broken.map((promise) => `**${keeping}: ${promise}**`)).join(', ') || 'kept',
    ]
  })
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function hasStore({ keeping }: FloodResult): boolean {
  return keeping !== 'alone'
}

/** One text where all are the same, else each with the way in which sessions are kept. */
function same(cells: readonly { readonly keeping: string; readonly text: string }[]): string {
  if (new Set(cells.map(({ text }) => text)).size === 1) return cells[0]?.text ?? ''
  return cells.map(({ keeping, text }) => `${keeping}: ${text}`).join('; ')
}

function answersOf(statuses: FloodResult['statuses']): string {
  const entries = Object.entries(statuses)
  if (entries.length === 1) return entries[0]?.[0] ?? ''
  return entries.map(([status, times]) => `${grouped(times)} × ${status}`).join(', ')
}

function growthOf(runs: readonly FloodResult[]): string {
  const known = runs.flatMap(({ grownMegabytes }) => grownMegabytes ?? [])
  if (known.length === 0) return ''
  const most = Math.max(...known)
  return most <= 0 ? 'none' : `${most} MB`
}

function grouped(figure: number): string {
  return figure.toLocaleString('en')
}
