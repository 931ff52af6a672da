/** Values that a vendor may write in the place of another; `undefined` is absent. */
const oddValues: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['absent', undefined],
  ['an empty text', ''],
  ['a number as text', '7'],
  ['a number', 7],
  ['a fraction', 0.5],
  ['a negative number', -1],
  ['a list of one', ['x']],
  ['an object', { x: 1 }],
  ['true', true],
  ['false', false],
  ['20 kB of text', 'x'.repeat(20_000)],
  ['text beyond ASCII', 'Ädä \u{1f600}'],
]

/** An answer in the place of an honest one, whose JSON it is given. */
export type OddAnswer = (honest: string) => Response

const json = { 'content-type': 'application/json' }

const page = { 'content-type': 'text/html' }

const wholeAnswers: readonly (readonly [string, OddAnswer])[] = [
  ['a member twice', (honest) => new Response(honest.replace('{', '{"x":1,"x":2,'), { headers: json })],
  ['__proto__', (honest) => new Response(honest.replace('{', '{"__proto__":{"sub":"eve"},'), { headers: json })],
  ['a byte order mark', (honest) => new Response(`\ufeff${honest}`, { headers: json })],
  ['a page under JSON', () => new Response('<!doctype html>', { headers: json })],
  ['a page', () => new Response('<!doctype html>', { headers: page })],
  ['JSON as text', (honest) => new Response(honest, { headers: { 'content-type': 'text/plain' } })],
  ['an error under 200', () => Response.json({ error: 'server_error' })],
  ['a list', () => Response.json([])],
  ['null', () => Response.json(null)],
  ['nothing', () => new Response('', { headers: json })],
  ['half of it', (honest) => new Response(honest.slice(0, -5), { headers: json })],
  ['an error under 201', () => Response.json({ error: 'server_error' }, { status: 201 })],
  ['204', () => new Response(null, { status: 204 })],
  ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.example/' } })],
  ['400 with a page', () => new Response('<!doctype html>', { status: 400, headers: page })],
  ['401', () => new Response(null, { status: 401 })],
  ['403', () => Response.json({}, { status: 403 })],
  ['404', () => Response.json({}, { status: 404 })],
  ['429 with nonsense', () => new Response(null, { status: 429, headers: { 'retry-after': 'soon 2099' } })],
  ['429 with an age', () => new Response(null, { status: 429, headers: { 'retry-after': '9'.repeat(400) } })],
  ['500', () => Response.json({ error: 'invalid_grant' }, { status: 500 })],
  ['503', () => new Response(null, { status: 503 })],
]

/** What a vendor may answer that is not tidy: a whole answer, or one member of it with each odd value. */
export function oddAnswers(members: readonly string[]): readonly (readonly [string, OddAnswer])[] {
  const ofMembers = members.flatMap((member) =>
    oddValues.map(([title, value]): readonly [string, OddAnswer] => [
      `${member}: ${title}`,
      (honest) => Response.json({ ...(JSON.parse(honest) as object), [member]: value }),
    ]),
  )
  return [...wholeAnswers, ...ofMembers]
}

/** Answers that ask to wait 17 seconds. */
export const busyAnswers: readonly (readonly [string, OddAnswer])[] = [429, 503].map((status) => [
  `${status} with Retry-After`,
  () => new Response(null, { status, headers: { 'retry-after': '17' } }),
])

/** No answer: what `fetch` throws for a connection that was refused. */
export const noAnswer: OddAnswer = () => {
  throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })
}
