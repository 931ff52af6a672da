/** A TypeScript example of a page. */
export interface Example {
  /** The path of its file: a folder that names the page, and in it the path that its first line gives, else the line. */
  readonly file: string
  /** The code, as far down as it stands in its page: line numbers of the compiler are then those of the page. */
  readonly code: string
}

/**
 * The fenced `ts` and `tsx` blocks of a page, each a module of its own. One whose first line is a path in a comment
 * (`// src/auth.ts`) is that file, which the others of the page can import.
 */
export function examplesOf(page: string, text: string): readonly Example[] {
  const taken = new Set<string>()
  const blocks = text.matchAll(/^```(tsx?|typescript)\b.*\r?\n([\s\S]*?)^```/gm)
  return [...blocks].map(({ index, 1: language, 2: code = '' }) => {
    const line = text.slice(0, index).split('\n').length
    const extension = language === 'tsx' ? 'tsx' : 'ts'
    const path = pathOf(code) ?? `${line}.${extension}`
    // A later version of a file stands beside the first, so that its imports lead to the same files.
    const file = taken.has(path) ? path.replace(/\.tsx?$/, `.${line}$&`) : path
    taken.add(path)
    return { file: `${folderOf(page)}/${file}`, code: `${'\n'.repeat(line)}${code}export {}\n` }
  })
}

/** The compiler's output, with pages in the place of files: `docs/a.md(12,3): error …`. */
export function namePages(output: string): string {
  return output.replaceAll(/^\S*?([^\s/\\]+\.md)[/\\]\S+?(?=\(\d+,\d+\))/gm, (_, folder: string) =>
    folder.replaceAll('__', '/'),
  )
}

function folderOf(page: string): string {
  return page.replaceAll('/', '__')
}

function pathOf(code: string): string | undefined {
  return /^\/\/ (\S+\.tsx?)\r?\n/.exec(code)?.[1]
}
