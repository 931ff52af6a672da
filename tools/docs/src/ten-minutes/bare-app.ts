import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { installWithNpm, plainShell, readFrom, type Tarball } from '@latchkey/tool-packaging'
import type { Guide } from './guide.ts'

/** Makes an app as the framework's own generator or first page would, installed with plain npm, with more packages. */
export function makeBareApp(framework: string, folder: string, packages: readonly string[] = []): void {
  cpSync(join(import.meta.dirname, '../../fixtures', framework), folder, { recursive: true })
  const manifest = join(folder, 'package.json')
  const isGenerated = existsSync(manifest)
  if (!isGenerated) writeFileSync(manifest, JSON.stringify({ name: 'bare', private: true, type: 'module' }))
  installWithNpm(plainShell(folder), isGenerated ? packages : [`${framework}@${versionHere(framework)}`])
}

/** The version of a package in this workspace. */
function versionHere(name: string): string {
  return (createRequire(import.meta.url)(`${name}/package.json`) as { readonly version: string }).version
}

/** Does in it what the guide says: our packages come from tarballs, with those that they depend on. */
export function followGuide(guide: Guide, folder: string, tarballs: readonly Tarball[]): void {
  const isOurs = (name: string): boolean => tarballs.some((tarball) => tarball.name === name)
  const names = withDependencies(guide.packages.filter(isOurs), tarballs)
  const paths = tarballs.filter(({ name }) => names.has(name)).map(({ path }) => path)
  installWithNpm(plainShell(folder), [...paths, ...guide.packages.filter((name) => !isOurs(name))])
  for (const { path, text } of guide.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

function withDependencies(names: readonly string[], tarballs: readonly Tarball[]): ReadonlySet<string> {
  const found = new Set(names)
  // A set that grows is walked to its new end.
  for (const name of found) {
    const tarball = tarballs.find((candidate) => candidate.name === name)
    if (tarball === undefined) found.delete(name)
    else for (const dependency of dependenciesOf(tarball)) found.add(dependency)
  }
  return found
}

function dependenciesOf(tarball: Tarball): readonly string[] {
  const { dependencies = {} } = JSON.parse(readFrom(tarball, 'package.json')) as { dependencies?: object }
  return Object.keys(dependencies)
}
