export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { return_url } = await searchParams
  const query = new URLSearchParams({ return_url: typeof return_url === 'string' ? return_url : '/' })
  return <a href={`/auth/acme/login?${query}`}>Sign in</a>
}
