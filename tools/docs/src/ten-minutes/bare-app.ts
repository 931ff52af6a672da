import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { installOthers, installWithNpm, type LocalRegistry, plainShell } from '@latchkey/tool-packaging'
import type { Guide } from './guide.ts'

/**
 * Makes an app as the framework's own generator or first page would, laid out as by npm, with more packages; without a
 * fixture an empty project. In it, our packages come from a local registry, as they would if this were released.
 */
export function makeBareApp(
  fixture: string | undefined,
  folder: string,
  { registry, packages = [] }: { readonly registry: LocalRegistry; readonly packages?: readonly string[] | undefined },
): void {
  mkdirSync(folder)
  if (fixture !== undefined) cpSync(join(import.meta.dirname, '../../fixtures', fixture), folder, { recursive: true })
  writeFileSync(join(folder, '.npmrc'), registry.settings)
  const manifest = join(folder, 'package.json')
  const isGenerated = existsSync(manifest)
  if (!isGenerated) writeFileSync(manifest, JSON.stringify({ name: 'bare', private: true, type: 'module' }))
  if (fixture !== undefined) installOthers(folder, pinned(isGenerated ? packages : [fixture, ...packages]))
}

/** Does in it what the guide says. */
export function followGuide(guide: Guide, folder: string): void {
  installWithNpm(plainShell(folder), pinned(guide.packages))
  for (const { path, text } of guide.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** Packages of others as this workspace has them: what they release changes nothing here. */
function pinned(packages: readonly string[]): readonly string[] {
  return packages.map((name) => {
    const manifest = join(import.meta.dirname, '../../node_modules', name, 'package.json')
    if (name.startsWith('@latchkey/') || !existsSync(manifest)) return name
    return `${name}@${(JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version}`
  })
}
