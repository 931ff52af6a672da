import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkBundleSizes } from './bundle-sizes.ts'
import { checkPage } from './check-page.ts'
import { useFromEmptyProject } from './empty-project.ts'
import { lint } from './lint.ts'
import { packPublicPackages } from './tarball.ts'
import { runLowestAndHighest } from './version-ranges.ts'

const root = join(import.meta.dirname, '../../..')
const folder = mkdtempSync(join(tmpdir(), 'latchkey-packaging-'))

try {
  const tarballs = packPublicPackages(root, folder)
  for (const tarball of tarballs) {
    const findings = [...(await lint(tarball)), ...checkPage(tarball, root)]
    console.info(`${tarball.name}: ${findings.length === 0 ? 'fine' : findings.join('\n  ')}`)
    if (findings.length > 0) process.exitCode = 1
  }
  for (const finding of await checkBundleSizes(root)) {
    console.error(finding)
    process.exitCode = 1
  }
  useFromEmptyProject(tarballs, join(folder, 'project'), catalogVersion('fastify'))
  runLowestAndHighest(tarballs, join(folder, 'ranges'))
} finally {
  rmSync(folder, { recursive: true })
}

function catalogVersion(name: string): string {
  const settings = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const version = new RegExp(`^  '?${name}'?: (\\S+)$`, 'm').exec(settings)?.[1]
  if (version === undefined) throw new Error(`${name} is not in the catalog`)
  return version
}
