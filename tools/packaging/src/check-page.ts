import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesIn, readFrom, type Tarball } from './tarball.ts'

interface Manifest {
  readonly name: string
  readonly keywords?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** What is wrong in what npm shows of a package: its manifest and its README. Each finding is a sentence. */
export function checkPage(tarball: Tarball, root: string): readonly string[] {
  const manifest = JSON.parse(readFrom(tarball, 'package.json')) as Manifest
  return [
    ...checkManifest(manifest, root),
    ...checkReadme(readFrom(tarball, 'README.md'), root),
    ...checkChangelog(tarball, root, manifest.name),
  ]
}

/** The address stands in the manifest of the root: all others follow from it. */
function checkManifest(manifest: Manifest, root: string): readonly string[] {
  const { author, repository } = manifestOf(root)
  const folder = `packages/${folderOf(manifest.name)}`
  const expected = {
    author,
    repository: { ...repository, directory: folder },
    bugs: { url: `${addressOf(root)}/issues` },
    homepage: `${addressOf(root)}/tree/main/${folder}#readme`,
  }
  const given = manifest as unknown as Readonly<Record<string, unknown>>
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
  return [
    ...Object.entries(expected)
      .filter(([name, value]) => JSON.stringify(given[name]) !== JSON.stringify(value))
      .map(([name, value]) => `"${name}" of package.json must be ${JSON.stringify(value)}`),
    ...((manifest.keywords ?? []).length > 0 ? [] : ['package.json has no keywords']),
    ...ranges
      .filter(([, range]) => !range.split(' || ').every((part) => part.startsWith('^')))
      .map(([name, range]) => `${name}: "${range}" is no range that begins with ^`),
    ...ranges.filter(([name]) => isPrivate(name, root)).map(([name]) => `${name} is not published`),
  ]
}

/** npm shows the page by itself: links are absolute, and those to our files lead to one. */
function checkReadme(readme: string, root: string): readonly string[] {
  const targets = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  const ours = `${addressOf(root)}/`
  return [
    ...(/^```(?:ts|tsx)$/m.test(readme) ? [] : ['README.md has no program']),
    ...targets.filter((target) => !target.startsWith('https://')).map((target) => `README.md: ${target} is relative`),
    ...targets
      .filter((target) => target.startsWith(ours))
      .map((target) =>
        target
          .slice(ours.length)
          .replace(/^(?:blob|tree)\/main\//, '')
          .replace(/#.*/, ''),
      )
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `README.md: there is no ${path}`),
  ]
}

/** A release writes it: from then on it is published. */
function checkChangelog(tarball: Tarball, root: string, name: string): readonly string[] {
  const isWritten = existsSync(join(root, 'packages', folderOf(name), 'CHANGELOG.md'))
  return isWritten && !filesIn(tarball).includes('CHANGELOG.md') ? ['CHANGELOG.md is missing'] : []
}

function isPrivate(name: string, root: string): boolean {
  if (!name.startsWith('@latchkey/')) return false
  const path = join(root, 'packages', folderOf(name))
  return !existsSync(path) || manifestOf(path).private === true
}

interface RootManifest {
  readonly private?: boolean
  readonly author?: string
  readonly repository?: { readonly type: string; readonly url: string }
}

const manifestOf = (folder: string): RootManifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as RootManifest

const addressOf = (root: string): string =>
  (manifestOf(root).repository?.url ?? '').replace(/^git\+/, '').replace(/\.git$/, '')

const folderOf = (name: string): string => name.replace('@latchkey/', '')
