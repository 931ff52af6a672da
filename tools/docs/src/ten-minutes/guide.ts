/** What a page tells its reader to do in a bare app, or an empty project. */
export interface Guide {
  /** The packages that it installs. */
  readonly packages: readonly string[]
  /** The files that it shows whole; their first line is their path, in a comment. */
  readonly files: readonly GuideFile[]
  /** The commands that follow; the last one serves the app, if there is one. */
  readonly commands: readonly string[]
}

/** A file as a guide shows it. */
export interface GuideFile {
  readonly path: string
  readonly text: string
}

/** The TypeScript programs of a page, whole as it shows them. */
export function readPrograms(page: string): readonly string[] {
  return [...page.matchAll(/^```ts\r?\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
}

/**
 * Reads a section of a page, or all of it: "Add it to your app" by default.
 *
 * @throws Error when a part of it is missing.
 */
export function readGuide(page: string, heading: string | null = 'Add it to your app'): Guide {
  const [, section = ''] = heading === null ? ['', page] : page.split(new RegExp(`^## ${heading}$`, 'm'))
  const [text = ''] = heading === null ? [section] : section.split(/^## /m)
  const blocks = [...text.matchAll(/^```(\w+)\r?\n([\s\S]*?)^```/gm)].map(([, language, code = '']) => {
    return { language, code, path: /^(?:\/\/|#) (\S+)\r?\n/.exec(code)?.[1] }
  })
  const files = blocks.flatMap(({ path, code }) => (path === undefined ? [] : [{ path, text: code }]))
  const lines = blocks
    .filter(({ language, path }) => language === 'sh' && path === undefined)
    .flatMap(({ code }) => code.split(/\r?\n/).filter((line) => line !== ''))
  const installs = lines.map((line) => /^npm install (?:--save-dev )?(.+)$/.exec(line)?.[1]?.split(' ') ?? [])
  const [packages, commands] = [installs.flat(), lines.filter((_, index) => installs[index]?.length === 0)]
  if (packages.length === 0 || files.length === 0 || commands.length === 0) {
    throw new Error(`The page must install packages, show files, and run something, in its section "${heading}".`)
  }
  return { packages, files, commands }
}
