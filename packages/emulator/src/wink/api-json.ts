/** The members of a JSON object; none if the body is anything else. */
export async function readJsonObject(request: Request): Promise<Record<string, unknown>> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) return {}
  try {
    const body: unknown = JSON.parse(await request.text())
    return typeof body === 'object' && body !== null ? { ...body } : {}
  } catch {
    return {}
  }
}

/** An error as ASP.NET Core answers it. @see RFC 9457 */
export function problem(status: number, title: string): Response {
  return new Response(JSON.stringify({ type: 'about:blank', title, status }), {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
  })
}
