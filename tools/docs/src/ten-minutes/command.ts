import { match } from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { plainShell, publishLocally, runApp, runCommands } from '@latchkey/tool-packaging'
import { launchBrowser } from '@latchkey/tool-test-support'
import { type App, apps } from '../../test/ten-minutes/apps.ts'
import { signsIn } from '../../test/ten-minutes/checks.ts'
import { followGuide, makeBareApp } from './bare-app.ts'
import { type Guide, readGuide, readPrograms } from './guide.ts'

// `pnpm ten-minutes`: publishes to a registry on loopback, and follows from there what the pages say, word for word. Ports
// 3000, 4001 to 4003 and 5173 must be free.
const root = join(import.meta.dirname, '../../../..')
const { values, positionals } = parseArgs({ options: { all: { type: 'boolean' } }, allowPositionals: true })
const isChosen = (name: string, { isExtra = false }: App): boolean =>
  positionals.length > 0 ? positionals.includes(name) : values.all === true || !isExtra

const folder = mkdtempSync(join(tmpdir(), 'latchkey-ten-minutes-'))
const registry = await publishLocally(root, join(folder, 'registry'))
writeFileSync(join(folder, '.npmrc'), registry.settings)
// With a cache of its own, since npx runs again what it ran before under the same version.
const npx = { npm_config_cache: join(folder, 'npm-cache'), npm_config_yes: 'true' }
const emulator = await runApp(['npx @latchkey/emulator'], folder, { port: 4001, ...npx })
const browser = await launchBrowser()
try {
  for (const [name, app] of Object.entries(apps).filter((entry) => isChosen(...entry))) {
    const begun = Date.now()
    const seen = await follow(name, app).catch((cause: unknown) => {
      throw new Error(`${pageOf(name, app)} does not do what it says.`, { cause })
    })
    const seconds = Math.round((Date.now() - begun) / 1000)
    console.info(`${name}: ${pageOf(name, app)} ${seen}, ${seconds} s from a bare app.`)
  }
  if (positionals.length === 0 || positionals.includes('readme')) {
    await tryReadme()
    console.info('README.md: its programs run as printed.')
  }
} finally {
  await registry.close()
  await browser.close()
  await emulator.stop()
  rmSync(folder, { recursive: true })
}

async function follow(name: string, app: App): Promise<string> {
  const { sections = [undefined], fixture, packages, change, commands, tests = [], beside, check } = app
  const guides = sections.map((heading) => readPage(pageOf(name, app), heading))
  const home = join(folder, name)
  makeBareApp(fixture, home, { registry, packages })
  for (const guide of guides) followGuide(guide, home)
  change?.(home)
  for (const headings of tests) {
    const sections = headings.map((heading) => readPage('docs/guides/commonjs.md', heading))
    for (const section of sections) followGuide(section, home)
    await runCommands(sections.at(-1)?.commands ?? [], home)
  }
  const running = await beside?.()
  try {
    const printed = commands ?? guides.flatMap((guide) => guide.commands)
    return await check({ folder: home, commands: printed, browser, settings: running?.settings ?? {} })
  } finally {
    await running?.close()
  }
}

function pageOf(name: string, { page = `packages/${name}/README.md` }: App): string {
  return page
}

function readPage(page: string, heading?: string | null): Guide {
  return readGuide(readFileSync(join(root, page), 'utf8'), heading)
}

/** Runs the programs of the README. */
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
  await signsIn()({ folder: app, commands: ['node program.ts'], browser, settings: {} })
}
