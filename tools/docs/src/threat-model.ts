/** A test that a row of the threat model names. */
export interface NamedTest {
  /** From the root of the repository. */
  readonly path: string
  /** Of a test or a group of tests, as the file writes it. */
  readonly title: string
}

/** A row of the threat model's table of claims. */
export interface Claim {
  readonly attacker: string
  readonly attempt: string
  readonly tests: readonly NamedTest[]
}

/** Reads the table under the heading `Claims`. */
export function readClaims(page: string): readonly Claim[] {
  const [, section = ''] = page.split(/^## Claims$/m)
  const rows = section.split(/^## /m, 1)[0]?.match(/^\| .*$/gm) ?? []
  // The first is the head.
  return rows.slice(1).map((row) => {
    const [, attacker = '', attempt = '', , cell = ''] = row.split(/(?<!\\)\|/).map((text) => text.trim())
    const tests = cell === '' ? [] : cell.split('<br>').map(namedTest)
    return { attacker, attempt, tests }
  })
}

function namedTest(text: string): NamedTest {
  const [, path = '', title = ''] = /^`([^`]+)` › "(.+)"$/.exec(text) ?? []
  return { path, title }
}

/** Whether a file of tests has a test or a group of that title. */
export function hasTitle(text: string, title: string): boolean {
  return ["'", '"', '`'].some((quote) => text.includes(`(${quote}${title}${quote},`)) || onOwnLine(text, title)
}

/** After the table of an `it.each`, which may take several lines, a title stands on a line of its own. */
function onOwnLine(text: string, title: string): boolean {
  return text.split('\n').some((line) => ["'", '"', '`'].some((quote) => line.trim() === `${quote}${title}${quote},`))
}
