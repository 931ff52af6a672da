import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { installWithNpm, type LocalRegistry, peersOf, plainShell } from '@latchkey/tool-packaging'
import type { Guide } from './guide.ts'

const root = join(import.meta.dirname, '../../../..')

/**
 * Makes an app as the framework's own generator or first page would, installed with plain npm, with more packages. In it,
 * our packages come from a local registry, as they would if this were released.
 */
export function makeBareApp(
  framework: string,
  folder: string,
  { registry, packages = [] }: { readonly registry: LocalRegistry; readonly packages?: readonly string[] | undefined },
): void {
  cpSync(join(import.meta.dirname, '../../fixtures', framework), folder, { recursive: true })
  writeFileSync(join(folder, '.npmrc'), registry.settings)
  const manifest = join(folder, 'package.json')
  const isGenerated = existsSync(manifest)
  if (!isGenerated) writeFileSync(manifest, JSON.stringify({ name: 'bare', private: true, type: 'module' }))
  installWithNpm(plainShell(folder), isGenerated ? packages : peersOf(root, `adapter-${framework}`))
}

/** Does in it what the guide says. */
export function followGuide(guide: Guide, folder: string): void {
  installWithNpm(plainShell(folder), guide.packages)
  for (const { path, text } of guide.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}
