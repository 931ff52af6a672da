/** A redirect after which the browser sends a GET and tells no one where it came from. */
export function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location, 'referrer-policy': 'no-referrer' } })
}
