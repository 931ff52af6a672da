import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmulator } from '@latchkey/emulator'
import { installedIn, megabytes } from '../installed.ts'
import { peersOf } from '../peers.ts'
import { publishLocally } from '../registry/local-registry.ts'
import { tryApp } from './consumer-app.ts'
import { obtain, type PackageManager, packageManagers } from './package-managers.ts'

// `pnpm consumers`: an app of each provider on each adapter, which each package manager installs from a local registry, signs
// in or opens Wise. Prints a table. `--check` takes those of the checks; names such as `next yarn-4` choose rows.
const { values, positionals } = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true })
const inChecks = ['wink nest', 'wise express', 'wristband fastify']
const all = (['fastify', 'express', 'nest', 'next'] as const).flatMap((adapter) =>
  (['wink', 'wise', 'wristband'] as const).map((provider) => ({ provider, adapter })),
)

const root = join(import.meta.dirname, '../../../..')
const folder = mkdtempSync(join(tmpdir(), 'latchkey-consumers-'))
const registry = await publishLocally(root, join(folder, 'registry'))
const emulator = await startEmulator()
emulator.wise.switches.unknownUser = 'create'
try {
  console.info(
    '| provider | adapter | installed by | packages | MB | result | seconds |\n|---|---|---|---|---|---|---|',
  )
  for (const manager of packageManagers) {
    const rows = all.filter(({ provider, adapter }) =>
      values.check === true
        ? manager.isInChecks === true && inChecks.includes(`${provider} ${adapter}`)
        : positionals.every((name) => [provider, adapter, manager.name].includes(name)),
    )
    if (rows.length > 0) await tryManager(manager, rows)
  }
} finally {
  await registry.close()
  await emulator.close()
  rmSync(folder, { recursive: true })
}

async function tryManager(manager: PackageManager, rows: typeof all): Promise<void> {
  let variables: ReturnType<typeof obtain>
  try {
    variables = obtain(manager, join(folder, manager.name))
  } catch {
    console.info(`| | | ${manager.name} | | | cannot be had here | |`)
    if (process.env['CI'] === 'true' && manager.isInChecks === true) process.exitCode = 1
    return
  }
  const files = { '.npmrc': registry.settings, ...manager.files?.(registry.origin) }
  for (const { provider, adapter } of rows) {
    const begun = Date.now()
    const project = join(folder, [manager.name, provider, adapter].join('-'))
    const ours = ['core', `core-${provider}`, `adapter-${adapter}`].map((name) => `@latchkey/${name}`)
    const app = { provider, adapter, packages: [...ours, ...peersOf(root, `adapter-${adapter}`)], files }
    const result = await tryApp(app, project, { manager, emulator, variables }).then(
      () => 'works',
      (error: Error & { readonly stdout?: string }) => `FAILS: ${error.message} ${error.stdout ?? ''}`,
    )
    if (result !== 'works') process.exitCode = 1
    const { packages, bytes } = installedIn(project)
    const seconds = Math.round((Date.now() - begun) / 1000)
    const cells = [provider, adapter, manager.name, packages.length, megabytes(bytes), result, seconds]
    console.info(`| ${cells.join(' | ')} |`)
    rmSync(project, { recursive: true })
  }
}
