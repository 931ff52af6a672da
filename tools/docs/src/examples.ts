/** A TypeScript example of a page. */
export interface Example {
  /** A file name that names the page and the line. */
  readonly file: string
  /** The code, as far down as it stands in its page: line numbers of the compiler are then those of the page. */
  readonly code: string
}

/** The fenced `ts` blocks of a page, each a module of its own. */
export function examplesOf(page: string, text: string): readonly Example[] {
  const blocks = text.matchAll(/^```(?:ts|typescript)\b.*\r?\n([\s\S]*?)^```/gm)
  return [...blocks].map(({ index, 1: code = '' }) => {
    const line = text.slice(0, index).split('\n').length
    return { file: `${page.replaceAll('/', '__')}.${line}.ts`, code: `${'\n'.repeat(line)}${code}export {}\n` }
  })
}

/** The compiler's output, with pages in the place of files: `docs/a.md(12,3): error …`. */
export function namePages(output: string): string {
  return output.replaceAll(/^\S*?([^\s/\\]+\.md)\.\d+\.ts(?=\()/gm, (_, page: string) => page.replaceAll('__', '/'))
}
