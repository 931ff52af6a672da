const [begin, end] = ['<!-- table: begin -->', '<!-- table: end -->']

/** The page with this table between its marks. */
export function pageWith(page: string, table: string): string {
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from === -1 || to < from) throw new Error('docs/conformance.md has no marks for its table')
  return `${page.slice(0, from + begin.length)}\n\n${table}\n\n${page.slice(to)}`
}

/** Whether another table is there. */
export function isStale(page: string, table: string): boolean {
  return pageWith(page, table) !== page
}
