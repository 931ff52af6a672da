import { match } from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmulator } from '@latchkey/emulator'
import { plainShell, publishLocally, runApp, runCommands } from '@latchkey/tool-packaging'
import { freePort, launchBrowser } from '@latchkey/tool-test-support'
import { type App, apps } from './apps.ts'
import { followGuide, makeBareApp } from './bare-app.ts'
import { type Guide, readGuide, readPrograms } from './guide.ts'

import { signIn, signInAndOut } from './sign-in.ts'

const root = join(import.meta.dirname, '../../../..')
const { values, positionals } = parseArgs({ options: { all: { type: 'boolean' } }, allowPositionals: true })
const isChosen = (name: string, { isExtra = false }: App): boolean =>
  positionals.length > 0 ? positionals.includes(name) : values.all === true || !isExtra

const folder = mkdtempSync(join(tmpdir(), 'latchkey-ten-minutes-'))
const registry = await publishLocally(root, join(folder, 'registry'))
const { wristband, close } = await startEmulator({ wink: false, wise: false })
const browser = await launchBrowser()
try {
  for (const [name, app] of Object.entries(apps).filter((entry) => isChosen(...entry))) {
    const begun = Date.now()
    await tryGuide(name, app)
    const seconds = Math.round((Date.now() - begun) / 1000)
    console.info(`${name}: docs/guides/${app.page} signed in and out, ${seconds} s from a bare app.`)
  }
  if (positionals.length === 0) {
    await tryReadme()
    console.info('README.md: its programs run as printed.')
  }
} finally {
  await registry.close()
  await browser.close()
  await close()
  rmSync(folder, { recursive: true })
}

async function tryGuide(name: string, app: App): Promise<void> {
  const { page, fixture = name, packages, change, commands, tests = [] } = app
  const guide = readPage(page)
  const home = join(folder, name)
  makeBareApp(fixture, home, { registry, packages })
  followGuide(guide, home)
  change?.(home)
  const sections = tests.map((heading) => readPage('commonjs.md', heading))
  for (const section of sections) followGuide(section, home)
  await runCommands(sections.at(-1)?.commands ?? [], home)
  const port = await freePort()
  wristband.registerRedirectUri(`http://localhost:${port}/auth/wristband/callback`)
  wristband.registerLogoutUrl(`http://localhost:${port}/auth/logout/next`)
  const running = await runApp(commands ?? guide.commands, home, {
    port,
    WRISTBAND_APPLICATION_DOMAIN: wristband.applicationDomain,
  })
  try {
    const { givenName, familyName, subject } = wristband.users.ada
    const visitor = { fullName: `${givenName} ${familyName}`, subject, tenantId: wristband.tenants.acme.id }
    await signInAndOut(browser, running.origin, visitor)
  } finally {
    await running.stop()
  }
}

function readPage(page: string, heading?: string): Guide {
  return readGuide(readFileSync(join(root, 'docs/guides', page), 'utf8'), heading)
}

/** Runs the programs of the README as they are printed: on port 3000, with the emulator on 4001. */
async function tryReadme(): Promise<void> {
  const [program = '', client = ''] = readPrograms(readFileSync(join(root, 'README.md'), 'utf8'))
  const app = join(folder, 'readme')
  makeBareApp('fastify', app, { registry })
  const packages = ['@latchkey/core-wristband', '@latchkey/core-wise', '@latchkey/adapter-fastify']
  const files = [
    { path: 'program.ts', text: program },
    { path: 'client.ts', text: client },
  ]
  followGuide({ packages, files, commands: [] }, app)
  match(plainShell(app)(process.execPath, ['client.ts']), /^https:\/\/learn\.school\.example\/\S+$/)

  // With a cache of its own, since npx runs again what it ran before under the same version.
  const settings = { port: 4001, npm_config_cache: join(folder, 'npm-cache'), npm_config_yes: 'true' }
  const emulator = await runApp(['npx @latchkey/emulator'], app, settings)
  const { givenName, familyName, subject } = wristband.users.ada
  try {
    const running = await runApp(['node program.ts'], app, { port: 3000 })
    try {
      await signIn(browser, running.origin, { fullName: `${givenName} ${familyName}`, subject })
    } finally {
      await running.stop()
    }
  } finally {
    await emulator.stop()
  }
}
