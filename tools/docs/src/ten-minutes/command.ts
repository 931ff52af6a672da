import { match } from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from '@latchkey/emulator'
import { plainShell, publishLocally } from '@latchkey/tool-packaging'
import { freePort, launchBrowser } from '@latchkey/tool-test-support'
import { followGuide, makeBareApp } from './bare-app.ts'
import { readGuide, readPrograms } from './guide.ts'
import { runApp } from './running-app.ts'
import { signIn, signInAndOut } from './sign-in.ts'

const root = join(import.meta.dirname, '../../../..')
const frameworks = { fastify: 'fastify.md', express: 'express.md', nest: 'nestjs.md', next: 'nextjs.md' }

const folder = mkdtempSync(join(tmpdir(), 'latchkey-ten-minutes-'))
const registry = await publishLocally(root, join(folder, 'registry'))
const { wristband, close } = await startEmulator({ wink: false, wise: false })
const browser = await launchBrowser()
try {
  for (const [framework, page] of Object.entries(frameworks)) {
    const begun = Date.now()
    await tryGuide(framework, page)
    console.info(
      `docs/guides/${page}: signed in and out, ${Math.round((Date.now() - begun) / 1000)} s from a bare app.`,
    )
  }
  await tryReadme()
  console.info('README.md: its programs run as printed.')
} finally {
  await registry.close()
  await browser.close()
  await close()
  rmSync(folder, { recursive: true })
}

async function tryGuide(framework: string, page: string): Promise<void> {
  const guide = readGuide(readFileSync(join(root, 'docs/guides', page), 'utf8'))
  const app = join(folder, framework)
  makeBareApp(framework, app, registry)
  followGuide(guide, app)
  const port = await freePort()
  wristband.registerRedirectUri(`http://localhost:${port}/auth/wristband/callback`)
  wristband.registerLogoutUrl(`http://localhost:${port}/auth/logout/next`)
  const running = await runApp(guide.commands, app, {
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

/** Runs the programs of the README as they are printed: on port 3000, with the emulator on 4001. */
async function tryReadme(): Promise<void> {
  const [program = '', client = ''] = readPrograms(readFileSync(join(root, 'README.md'), 'utf8'))
  const app = join(folder, 'readme')
  makeBareApp('fastify', app, registry)
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
