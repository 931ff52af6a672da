import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/**
 * Copies the working tree, without what git ignores, into a new temporary folder. What is installed is linked: the root's
 * as a whole, and that of each package link by link, so that packages of the workspace lead into the copy.
 *
 * @returns The path of the copy.
 */
export function copyCheckout(root: string): string {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-mutants-')))
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
  for (const path of listed.split('\0')) {
    if (path === '' || !existsSync(join(root, path))) continue
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    copyFileSync(join(root, path), join(copy, path))
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const group of ['packages', 'tools', 'apps']) {
    for (const name of readdirSync(join(root, group))) copyLinks(root, copy, join(group, name, 'node_modules'))
  }
  return copy
}

function copyLinks(root: string, copy: string, path: string): void {
  if (!existsSync(join(root, path))) return
  mkdirSync(join(copy, path), { recursive: true })
  for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
    if (entry.isSymbolicLink()) {
      symlinkSync(readlinkSync(join(root, path, entry.name)), join(copy, path, entry.name))
    } else if (entry.name.startsWith('@')) {
      copyLinks(root, copy, join(path, entry.name))
    }
  }
}
