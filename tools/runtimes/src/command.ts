import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmulator } from '@latchkey/emulator'
import {
  installOthers,
  installWithNpm,
  packPublicPackages,
  plainShell,
  providerSettings,
} from '@latchkey/tool-packaging'
import { type BuildOptions, build } from 'esbuild'
import { runtimes } from './runtimes.ts'
import { startVisitor } from './visitor.ts'

// `pnpm runtimes`: runs one flow on every runtime, with the packages as they are packed, and prints a table. Runtimes are
// installed into a folder of their own, since all of them are half a gigabyte. `--check` runs those of the checks.
const { values } = parseArgs({ options: { check: { type: 'boolean' } } })
const chosen = runtimes.filter(({ isInChecks }) => values.check !== true || isInChecks)
const root = join(import.meta.dirname, '../../..')
const folder = mkdtempSync(join(tmpdir(), 'latchkey-runtimes-'))
const stepsOfFlow = 13
const complete = `${stepsOfFlow} of ${stepsOfFlow} steps`
const origin = 'http://localhost:3000'
const emulator = await startEmulator()
const visitor = await startVisitor(origin)
try {
  await layOut()
  console.info('| runtime | the flow | seconds |\n|---|---|---|')
  for (const { name, run } of chosen) {
    const begun = Date.now()
    const result = await run(folder, settings()).then(stepsOf, (error: unknown) => String(error))
    console.info(`| ${name} | ${result} | ${((Date.now() - begun) / 1000).toFixed(1)} |`)
    if (result !== complete) process.exitCode = 1
  }
} finally {
  visitor.close()
  await emulator.close()
  rmSync(folder, { recursive: true })
}

/** Installs ours and the runtimes, and bundles the programs of those that take one file. */
async function layOut(): Promise<void> {
  const wanted = ['core', 'oidc', 'core-wristband', 'core-wink', 'core-wise'].map((name) => `@latchkey/${name}`)
  const tarballs = packPublicPackages(root, folder).filter(({ name }) => wanted.includes(name))
  cpSync(join(import.meta.dirname, '../fixtures'), folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'flow', private: true, type: 'module' }))
  installOthers(
    folder,
    chosen.map(({ from }) => from),
  )
  installWithNpm(
    plainShell(folder),
    tarballs.map(({ path }) => path),
  )
  const common = {
    absWorkingDir: folder,
    bundle: true,
    platform: 'neutral',
    mainFields: ['module', 'main'],
  } satisfies BuildOptions
  await build({
    ...common,
    entryPoints: ['worker.js'],
    outfile: 'worker.bundle.js',
    format: 'esm',
    conditions: ['workerd'],
  })
  await build({
    ...common,
    entryPoints: ['edge.js'],
    outfile: 'edge.bundle.js',
    format: 'iife',
    conditions: ['edge-light'],
  })
}

function settings(): string {
  const { wristband } = emulator
  wristband.registerRedirectUri(`${origin}/auth/wristband/callback`)
  wristband.registerLogoutUrl(`${origin}/auth/logout/next`)
  return JSON.stringify({ visit: visitor.url, ...providerSettings(emulator) })
}

function stepsOf(output: string): string {
  return `${(JSON.parse(output) as readonly string[]).length} of ${stepsOfFlow} steps`
}
