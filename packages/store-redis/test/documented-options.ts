import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'

const root = join(import.meta.dirname, '../../..')

/** The pages that show how to connect. */
export const pages = {
  readme: 'packages/store-redis/README.md',
  guide: 'docs/guides/from-one-node-to-many.md',
} as const

/** The options in the first example of a page that calls `factory`, as a user copies them. */
export function documentedOptions(page: string, factory: string): object {
  const [, after = ''] = readFileSync(join(root, page), 'utf8').split(`= ${factory}(`)
  const text = /\{\n.*?\n\}(?=\))/s.exec(after)?.[0]
  if (text === undefined) throw new Error(`${page} does not call ${factory}`)
  return runInNewContext(`(${text})`, { process: { env: {} } }) as object
}
