import { join } from 'node:path'
import { checkWorkspace } from './check-workspace.ts'
import { readWorkspace } from './workspace.ts'

const workspace = readWorkspace(join(import.meta.dirname, '../../..'))
const findings = checkWorkspace(workspace)
for (const finding of findings) console.error(finding)
if (findings.length > 0) {
  console.error(`${findings.length} findings. The rules: tools/boundaries/src, and why: CONTRIBUTING.md`)
  process.exitCode = 1
} else {
  const files = workspace.packages.reduce((count, { files }) => count + files.length, 0)
  console.info(`${files} files of ${workspace.packages.length} packages keep to the boundaries.`)
}
