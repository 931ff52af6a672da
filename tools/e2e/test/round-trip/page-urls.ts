import fc from 'fast-check'

/** A request target that may lead to a page: path and query as they stand in the request line, one character a byte. */
export type PageUrl = `/${string}`

/** Printed with every table. */
export const seed = 20_260_711

/**
 * Distinct URLs of pages: what links, forms, routers and scripts make of file names, searches and words of every language,
 * and what nobody would write by hand. No part of them reads as another host, as an auth route or as a line break.
 */
export function pageUrls(count: number): readonly PageUrl[] {
  return distinct(
    fc.tuple(path, query).map(([first, second]): PageUrl => `/${first}${second}`),
    count,
  )
}

/**
 * Distinct URLs of pages that a browser, a proxy or the app could read as something else when they are opened once more:
 * another host, an auth route, a second header line. Also those over 2,048 characters, which no cookie of a login can hold.
 */
export function ambiguousUrls(count: number): readonly PageUrl[] {
  return distinct(fc.oneof(otherHost, authRoute, controlCharacter, overlong, backslash), count)
}

function distinct(urls: fc.Arbitrary<PageUrl>, count: number): readonly PageUrl[] {
  const sample = new Set(fc.sample(urls, { seed, numRuns: count + Math.ceil(count / 2) }))
  if (sample.size < count) throw new Error(`Only ${sample.size} of ${count} URLs are distinct`)
  return [...sample].slice(0, count)
}

const letters = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_~'), minLength: 1, maxLength: 8 })

/** Digits of both cases. */
const hexDigit = fc.constantFrom(...'0123456789abcdefABCDEF')

const escapeOf = (high: string): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...high), hexDigit).map(([first, second]) => `%${first}${second}`)

/** Every byte but the control characters; `%7f` is one. */
const printableEscape = escapeOf('23456').filter((escape) => escape !== '%7f')

/** Bytes that may be no UTF-8 in this order. */
const strayByte = escapeOf('89abcdefABCDEF')

const words = [
  ...[
    'städte',
    'Zürich',
    'naïve',
    '東京',
    'файл',
    'مرحبا',
    'שלום',
    'e\u0301',
    '😀',
    '👩‍👩‍👧',
    '\u202e',
    '\ufeff',
    '／',
    '。',
    '％',
    'K',
  ],
]

const escapedWord = fc
  .tuple(fc.constantFrom(...words), fc.boolean())
  .map(([word, isLower]) => (isLower ? encodeURIComponent(word).toLowerCase() : encodeURIComponent(word)))

/** The bytes of UTF-8 unescaped, which clients send that are no browsers. */
const rawWord = fc.constantFrom('städte', '東京', '😀').map((word) => Buffer.from(word).toString('latin1'))

const pathMark = fc.constantFrom(
  ...';+,=@:!$&\'()*[]|"<>{}^`'.split(''),
  '%25',
  '%2F',
  '%2f',
  '%3F',
  '%23',
  '%20',
  '%3B',
  '%5B',
)

const dots = fc.constantFrom('.', '..', '...', '.git', '%2e', '%2E%2e', '.%2e', '%252e%252e', 'a..b', 'v1.2.3')

/** A `%` that begins no escape: many routers refuse it. */
const strayPercent = fc.constantFrom('%', '%zz', '%2', '100%', '%u0041')

const segment = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: letters },
      { weight: 4, arbitrary: pathMark },
      { weight: 3, arbitrary: printableEscape },
      { weight: 3, arbitrary: escapedWord },
      { weight: 1, arbitrary: dots },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''))

const rareSegment = fc.oneof(
  { weight: 90, arbitrary: segment },
  { weight: 4, arbitrary: dots },
  // Between two slashes, and after the last.
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.oneof(strayByte, strayPercent, rawWord) },
  { weight: 1, arbitrary: letters.map((text) => text.repeat(160)) },
)

/** Below a first part that is a word: what begins otherwise is among the ambiguous. */
const path = fc.oneof(
  { weight: 1, arbitrary: fc.constant('') },
  {
    weight: 40,
    arbitrary: fc
      .tuple(
        fc.oneof(
          letters,
          escapedWord.filter((word) => !/^%ef%bc%8f/i.test(word)),
        ),
        fc.array(rareSegment, { maxLength: 4 }),
      )
      .map(([first, rest]) => [first, ...rest].join('/')),
  },
)

const name = fc.oneof(
  fc.constantFrom(
    ...[
      'return_url',
      'code',
      'state',
      'iss',
      'error',
      'restart',
      'next',
      'q',
      'page[]',
      'a.b',
      '',
      '__proto__',
      '_rsc',
    ],
  ),
  letters,
  escapedWord,
)

const queryMark = fc.constantFrom(
  ...';+,=@:!$\'()*[]|"<>{}^`\\/?%'.split(''),
  '//',
  '../',
  '%0A',
  '%0d%0a',
  '%00',
  '%26',
  '%3D',
  '%2B',
)

const value = fc.oneof(
  fc.constantFrom(
    '',
    '/',
    'abc/',
    '/auth/logout',
    '//evil.example/',
    'https://evil.example/?a=b',
    '%2Fauth%2Flogout',
    '%',
    '1,2',
  ),
  fc
    .array(fc.oneof(letters, queryMark, printableEscape, strayByte, escapedWord), { maxLength: 5 })
    .map((parts) => parts.join('')),
)

const pair = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(name, value).map(([first, second]) => `${first}=${second}`) },
  { weight: 1, arbitrary: name },
  // `&&`, and an `&` at an end.
  { weight: 1, arbitrary: fc.constant('') },
)

const query = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 6, arbitrary: fc.array(pair, { maxLength: 5 }).map((pairs) => `?${pairs.join('&')}`) },
)

const tail = fc.tuple(letters, query).map((parts) => parts.join(''))

const otherHost = fc
  .tuple(
    fc.constantFrom('/', '//', '%2F', '%2f', '%252F', '%5C', '%5c%5C', ';', './/', 'a/..//', '%EF%BC%8F', '.%2F/'),
    tail,
  )
  .map(([lead, rest]): PageUrl => `/${lead}${rest}`)

const authRoute = fc
  .tuple(
    fc.constantFrom(
      'auth',
      'AUTH',
      'Auth',
      '%61uth',
      'a%75th',
      'x/../auth',
      'x/%2e%2e/auth',
      './auth',
      '%EF%BD%81uth',
      '%2561uth',
    ),
    fc.constantFrom('', '/', '/x/', '%2f', '%2Flogin', '%2F%2E%2E%2F', ';', '%3F', '%23', '/logout%2F'),
    tail,
  )
  .map(([lead, middle, rest]): PageUrl => `/${lead}${middle}${rest}`)

const controlCharacter = fc
  .tuple(segment, fc.constantFrom('%0A', '%0d%0a', '%00', '%09', '%1f', '%7F', '%250a'), tail)
  .map(([first, escape, rest]): PageUrl => `/w${first}${escape}${rest}`)

/** About as long as what the cookie of a login can hold, and longer; JSON writes a backslash as two. */
const overlong = fc
  .tuple(segment, fc.integer({ min: 1900, max: 6000 }), fc.constantFrom('x', '?q=x', '?q=\\', '?q=%2B', '?q="'))
  .map(([first, length, fill]): PageUrl => `/w${first}${fill}`.padEnd(length, fill.replace('?q=', '')) as PageUrl)

const backslash = fc.tuple(letters, tail).map(([first, rest]): PageUrl => `/${first}\\${rest}`)
