/** The query parameters that Next passes to a page. */
export interface PageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

/** Returns a query parameter; undefined unless it is there exactly once. */
export async function parameter({ searchParams }: PageProps, name: string): Promise<string | undefined> {
  const value = (await searchParams)[name]
  return typeof value === 'string' ? value : undefined
}
