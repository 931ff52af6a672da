import { basePath } from '../../lib/place'

export default async function SignInPage({
  searchParams,
}: {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { return_url } = await searchParams
  const query = new URLSearchParams({ return_url: typeof return_url === 'string' ? return_url : '/' })
  return <a href={`${basePath}/auth/acme/login?${query}`}>Sign in</a>
}
