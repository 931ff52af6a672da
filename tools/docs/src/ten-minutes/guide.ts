/** What a guide tells its reader to do in a bare app. */
export interface Guide {
  /** The packages that it installs. */
  readonly packages: readonly string[]
  /** The files that it shows whole; their first line is their path, in a comment. */
  readonly files: readonly GuideFile[]
  /** The commands that follow; the last one serves the app. */
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
 * Reads a section of a guide: "Add it to your app" by default.
 *
 * @throws Error when a part of it is missing.
 */
export function readGuide(page: string, heading = 'Add it to your app'): Guide {
  const [, section = ''] = page.split(new RegExp(`^## ${heading}$`, 'm'))
  const [text = ''] = section.split(/^## /m)
  const blocks = [...text.matchAll(/^```\w+\r?\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
  const files = blocks.flatMap((code) => {
    const path = /^(?:\/\/|#) (\S+)\r?\n/.exec(code)?.[1]
    return path === undefined ? [] : [{ path, text: code }]
  })
  const [install = '', ...commands] = blocks
    .filter((code) => !/^(?:\/\/|#) /.test(code))
    .flatMap((code) => code.split(/\r?\n/).filter((line) => line !== ''))
  const [, packages] = /^npm install (?:--save-dev )?(.+)$/.exec(install) ?? []
  if (packages === undefined || files.length === 0 || commands.length === 0) {
    throw new Error(`The guide must install packages, show files, and start the app, in its section "${heading}".`)
  }
  return { packages: packages.split(' '), files, commands }
}
