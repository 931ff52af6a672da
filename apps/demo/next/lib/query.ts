/** What Next hands to a page of the address's query. */
export interface PageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

/** One parameter of the address, if it is there once. */
export async function parameter({ searchParams }: PageProps, name: string): Promise<string | undefined> {
  const value = (await searchParams)[name]
  return typeof value === 'string' ? value : undefined
}
