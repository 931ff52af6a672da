import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { checkContents } from './check-contents.ts'
import { checkPage } from './check-page.ts'
import type { Tarball } from './tarball.ts'

const linters = [
  { name: 'publint', options: ['--strict'] },
  { name: 'attw', options: ['--profile', 'esm-only', '--no-emoji'] },
]

/** Lints a packed package. Each finding is a text; none is fine. */
export function lint(tarball: Tarball, root: string): readonly string[] {
  return [...checkContents(tarball), ...checkPage(tarball, root), ...linters.flatMap((linter) => run(linter, tarball))]
}

function run({ name, options }: (typeof linters)[number], { path }: Tarball): readonly string[] {
  const command = join(import.meta.dirname, '../node_modules/.bin', name)
  const { status, stdout, stderr } = spawnSync(command, [path, ...options], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return status === 0 ? [] : [`${name}:\n${stdout}${stderr}`]
}
