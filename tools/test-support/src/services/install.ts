import { execSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { absence, headlessShell, installCommand, type Service, services } from './service.ts'

const mustHave = process.env['CI'] === 'true'
const mayInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version')

// First, and apart: not every system has it, and a machine that has it needs no other Chromium.
if (headlessShell.isMissing() && mayInstall) install([headlessShell])
const missing = services.filter((service) => service.isMissing())
if (missing.length > 0 && mayInstall) install(missing)

for (const service of missing.filter((service) => service.isMissing())) {
  console.info(`${absence(service)}\n${mustHave ? 'CI does not go without it.' : 'Tests that need it are skipped.'}`)
  if (mustHave) process.exitCode = 1
}

function install(missing: readonly Service[]): void {
  try {
    for (const command of ['apt-get update', ...missing.map(installCommand)]) {
      console.info(`> ${command}`)
      execSync(command, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      })
    }
  } catch {
    // What is still missing is named below.
  }
}
