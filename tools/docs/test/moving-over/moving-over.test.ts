import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Emulator, startEmulator } from '@latchkey/emulator'
import { installWithNpm, packPublicPackages, plainShell, runApp } from '@latchkey/tool-packaging'
import { describeWithBrowser, freePort, launchBrowser } from '@latchkey/tool-test-support'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'

type Browser = Awaited<ReturnType<typeof launchBrowser>>
type Page = Awaited<ReturnType<Browser['newPage']>>

const root = join(import.meta.dirname, '../../../..')
const secret = 'an-example-secret-of-32-bytes-or-more'

describeWithBrowser('an app before and after a move runs as its guide shows it', () => {
  let folder: string
  let emulator: Emulator
  let browser: Browser
  let page: Page
  const stops: (() => Promise<void>)[] = []
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-moving-over-'))
    const ours = ['core', 'oidc', 'core-wristband', 'core-wink', 'core-wise', 'adapter-express']
    const tarballs = packPublicPackages(root, folder).filter(({ name }) =>
      ours.includes(name.replace('@latchkey/', '')),
    )
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'moving', private: true, type: 'module' }))
    installWithNpm(plainShell(folder), [
      ...tarballs.map(({ path }) => path),
      ...['express@5', 'express-session@1', 'jsonwebtoken@9', 'esbuild@0.28.2'],
      ...['@wristband/express-auth@3.0.1', 'wink-identity-sdk@0.4.5'],
    ])
    speakAsTheEmulator(join(folder, 'node_modules/@wristband/express-auth'))
    emulator = await startEmulator()
    emulator.wise.switches.unknownUser = 'create'
    browser = await launchBrowser()
  }, 300_000)
  beforeEach(async () => {
    page = await (await browser.newContext()).newPage()
  })
  afterEach(async () => {
    await page.context().close()
    for (const stop of stops.splice(0)) await stop()
  })
  afterAll(async () => {
    await browser.close()
    await emulator.close()
    rmSync(folder, { recursive: true })
  })

  /** Writes the files of a guide that stand in a folder of its app, and gives where. */
  function write(guide: string, when: 'before' | 'after'): string {
    const project = join(folder, guide)
    const text = readFileSync(join(root, `docs/guides/${guide}.md`), 'utf8')
    for (const [, code = ''] of text.matchAll(/^```(?:js|ts)\n([\s\S]*?)^```/gm)) {
      const path = /^\/\/ (\S+)\n/.exec(code)?.[1]
      if (path === undefined || !path.startsWith(`${when}/`)) continue
      mkdirSync(dirname(join(project, path)), { recursive: true })
      writeFileSync(join(project, path), code)
    }
    return project
  }

  /** Runs a file of a guide's app on a free port, and gives its origin. */
  async function run(project: string, file: string): Promise<string> {
    const port = await freePort()
    const origin = `http://localhost:${port}`
    const { wristband, wink, wise } = emulator
    for (const path of ['auth/callback', 'auth/wristband/callback']) wristband.registerRedirectUri(`${origin}/${path}`)
    for (const path of ['', 'auth/logout/next']) wristband.registerLogoutUrl(`${origin}/${path}`)
    wink.registerWebOrigin(origin)
    const app = await runApp([`node ${file}`], project, {
      port,
      SESSION_SECRET: secret,
      WRISTBAND_CLIENT_ID: wristband.clientId,
      WRISTBAND_CLIENT_SECRET: wristband.clientSecret,
      WRISTBAND_APPLICATION_DOMAIN: wristband.applicationDomain,
      WINK_API_URL: wink.apiUrl,
      WINK_AUTH_URL: wink.authUrl,
      WINK_CLIENT_ID: wink.clientId,
      WINK_CLIENT_SECRET: wink.clientSecret,
      WISE_WHITE_LABEL_URL: wise.whiteLabelUrl,
      WISE_JWT_TOKEN_SECRET: wise.jwtTokenSecret,
    })
    stops.push(app.stop)
    return app.origin
  }

  const nameOf = ({ givenName, familyName }: { givenName: string; familyName: string }) => `${givenName} ${familyName}`

  it.each([
    ['before', 'before/server.cjs'],
    ['after', 'after/server.ts'],
  ] as const)('moving-from-wristband-sdks.md: %s', async (when, file) => {
    const origin = await run(write('moving-from-wristband-sdks', when), file)
    const name = nameOf(emulator.wristband.users.ada)
    await page.goto(`${origin}/account`)
    await page.click(`text=Sign in as ${name}`)
    await page.waitForURL(`${origin}/account`)
    expect(await page.textContent('#who')).toBe(name)
    await page.click('#sign-out')
    await page.waitForURL(({ pathname }) => pathname === '/')
    expect(await page.textContent('#state')).toBe('signed out')
  })

  it.each([
    ['before', 'before/server.cjs'],
    ['after', 'after/server.ts'],
  ] as const)('moving-from-wink-starter-kits.md: %s', async (when, file) => {
    const project = write('moving-from-wink-starter-kits', when)
    if (when === 'before') {
      const bundle = ['before/page.mjs', '--bundle', '--format=esm', '--outfile=before/bundle.js', '--log-level=error']
      plainShell(project)(join(folder, 'node_modules/.bin/esbuild'), bundle)
    }
    const origin = await run(project, file)
    await page.goto(origin)
    await page.click('#sign-in')
    await page.click('button[name=user][value=ada]')
    await page.waitForSelector('#who:not(:empty)')
    expect(await page.textContent('#who')).toBe(nameOf(emulator.wink.users.ada))
    await page.click('#sign-out')
    await page.waitForSelector('#who:not(:empty)', { state: 'detached' })
  })

  it.each([
    ['before', 'before/server.cjs'],
    ['after', 'after/server.ts'],
  ] as const)('moving-from-the-wise-sample.md: %s', async (when, file) => {
    const origin = await run(write('moving-from-the-wise-sample', when), file)
    await page.goto(origin)
    await page.click('text=Sign in')
    await page.click('text=Open Wise')
    await page.waitForURL((url) => url.origin === new URL(emulator.wise.whiteLabelUrl).origin)
    expect(await page.textContent('body')).toContain('Signed in as Lin Learner, student')
    expect(emulator.wise.directory.filter(({ name }) => name === 'Lin Learner')).toHaveLength(1)
  })
})

/**
 * The newest version on npm speaks https alone, and an older name of one parameter; the emulator speaks http and the name of
 * today. Nothing else of it is changed.
 */
function speakAsTheEmulator(sdk: string): void {
  for (const path of globSync('dist/cjs/**/*.js', { cwd: sdk })) {
    const text = readFileSync(join(sdk, path), 'utf8')
    writeFileSync(join(sdk, path), text.replaceAll('`https://', '`http://').replaceAll('tenant_domain', 'tenant_name'))
  }
}
