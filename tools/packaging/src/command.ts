import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useFromEmptyProject } from './empty-project.ts'
import { lint } from './lint.ts'
import { packPublicPackages } from './tarball.ts'

const root = join(import.meta.dirname, '../../..')
const folder = mkdtempSync(join(tmpdir(), 'latchkey-packaging-'))

try {
  const tarballs = packPublicPackages(root, folder)
  for (const tarball of tarballs) {
    const findings = await lint(tarball)
    console.info(`${tarball.name}: ${findings.length === 0 ? 'fine' : findings.join('\n  ')}`)
    if (findings.length > 0) process.exitCode = 1
  }
  useFromEmptyProject(tarballs, join(folder, 'project'), catalogVersion('fastify'))
} finally {
  rmSync(folder, { recursive: true })
}

function catalogVersion(name: string): string {
  const settings = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const version = new RegExp(`^  '?${name}'?: (\\S+)$`, 'm').exec(settings)?.[1]
  if (version === undefined) throw new Error(`${name} is not in the catalog`)
  return version
}
