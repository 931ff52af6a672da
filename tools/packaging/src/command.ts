import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkBundleSizes } from './bundle-sizes.ts'
import { checkPage } from './check-page.ts'
import { checkInstalls } from './install-sizes.ts'
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
  for (const finding of [
    ...(await checkBundleSizes(root)),
    ...checkInstalls(tarballs, root, join(folder, 'installs')),
  ]) {
    console.error(finding)
    process.exitCode = 1
  }
  await runLowestAndHighest(tarballs, join(folder, 'ranges'))
} finally {
  rmSync(folder, { recursive: true })
}
