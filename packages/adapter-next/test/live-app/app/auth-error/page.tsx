export default async function ErrorPage({
  searchParams,
}: {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  return <main>{`error: ${(await searchParams).code}`}</main>
}
