import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Emulator } from '@latchkey/emulator'
import { freePort } from '@latchkey/tool-test-support'
import { installOthers } from '../install-others.ts'
import { plainShell } from '../plain-shell.ts'
import { runApp } from '../running-app.ts'
import type { PackageManager } from './package-managers.ts'
import { providerSettings } from './provider-settings.ts'
import { visit } from './visit.ts'

/** The smallest app with one provider on one adapter. */
export interface ConsumerApp {
  readonly provider: 'wink' | 'wise' | 'wristband'
  readonly adapter: 'fastify' | 'express' | 'nest' | 'next'
  /** What of others the app has before. Default: nothing. */
  readonly before?: readonly string[]
  /** What is installed, as package managers take it. */
  readonly packages: readonly string[]
  /** More files, such as the settings of a package manager. */
  readonly files?: Readonly<Record<string, string>>
}

/**
 * Writes an app, installs its packages, builds and starts it by its scripts, and goes the way that its provider has.
 *
 * @param folder Where it is put; there is nothing yet.
 * @param variables Of its environment, beside those that it reads itself.
 * @throws Error when one of it fails.
 */
export async function tryApp(
  { provider, adapter, before = [], packages, files = {} }: ConsumerApp,
  folder: string,
  { manager, emulator, variables = {} }: Surroundings,
): Promise<void> {
  const fixtures = join(import.meta.dirname, '../../fixtures/consumers')
  cpSync(join(fixtures, adapter), folder, { recursive: true })
  cpSync(join(fixtures, 'auth.js'), join(folder, 'auth.js'))
  cpSync(join(fixtures, `providers/${provider}.js`), join(folder, 'provider.js'))
  const { add, run, nextBuild = 'next build' } = manager
  const scripts = adapter === 'next' ? { build: nextBuild, start: 'next start' } : { start: 'node server.js' }
  const manifest = { name: 'consumer', version: '1.0.0', license: 'MIT', private: true, type: 'module', scripts }
  for (const [name, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files })) {
    writeFileSync(join(folder, name), text)
  }
  if (before.length > 0) installOthers(folder, before)
  const [command = '', ...options] = add.split(' ')
  plainShell(folder, variables)(command, [...options, ...packages])

  const settings = { SETTINGS: JSON.stringify(providerSettings(emulator)[provider]), ...variables }
  const commands = Object.keys(scripts).map((script) => `${run} ${script}`)
  const app = await runApp(commands, folder, { port: await freePort(), ...settings })
  try {
    await visit(app.origin, provider)
  } finally {
    await app.stop()
  }
}

interface Surroundings {
  readonly manager: PackageManager
  readonly emulator: Emulator
  readonly variables?: Readonly<Record<string, string>>
}
