import { globSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres, startRedis } from '@latchkey/tool-test-support'
import { startCertifiedProvider } from '@latchkey/tool-test-support/certified-provider'
import { type Check, passes, prints, signsIn, signsInAndOut, signsInAndOutInPage } from './checks.ts'

/** A page that is followed as it is printed. */
export interface App {
  /** From the root of the repository; the README of the package of that name by default. */
  readonly page?: string
  /** Its sections, if not "Add it to your app"; null is the whole page. */
  readonly sections?: readonly (string | null)[]
  /** The folder in fixtures; an empty project by default. */
  readonly fixture?: string
  /** What is installed over the fixture's own. */
  readonly packages?: readonly string[]
  /** Changes what the fixture and the guide wrote. */
  readonly change?: (folder: string) => void
  /** In the place of the guide's commands; the last one serves the app. */
  readonly commands?: readonly string[]
  /** Sections of docs/guides/commonjs.md to follow then, in groups; the commands of the last one of each must pass. */
  readonly tests?: readonly (readonly string[])[]
  /** Starts what it needs beside the emulator. */
  readonly beside?: () => Promise<Beside>
  /** What is seen then. */
  readonly check: Check
  /** Left out unless named, or with `--all`. */
  readonly isExtra?: boolean
}

/** Something that runs beside a page's program. */
export interface Beside {
  /** Variables that tell where it is. */
  readonly settings: Readonly<Record<string, string>>
  close(): Promise<void>
}

const guide = (name: string, app: Partial<App>): App => {
  return { page: `docs/guides/${name}.md`, check: signsInAndOut, ...app }
}
const next15 = ['next@15.5.29', 'typescript@5.9.3']
const standalone = (build: string): readonly string[] => [`npx next ${build}`, 'node .next/standalone/server.js']
const jest = ['jest@30.5.2', '@types/jest@30.0.0']

const vite = { fixture: 'react', packages: ['react-dom', 'vite', '@vitejs/plugin-react'], check: signsInAndOutInPage }
const healthy = /^{ ok: true, problems: \[\] }$/m
const winkToken = '0a1da000-5f1e-4c3b-9d2a-1c0ffee0ada0'
const byWink = { provider: 'wink', button: 'Look into the camera as Ada Lovelace', subject: winkToken }

/** Every page that is followed, in what a newcomer may have, by a name for the command line. */
export const apps: Readonly<Record<string, App>> = {
  fastify: guide('fastify', { fixture: 'fastify' }),
  express: guide('express', { fixture: 'express' }),
  nest: guide('nestjs', { fixture: 'nest' }),
  'nest-11-commonjs': guide('nestjs', {
    fixture: 'nest',
    packages: [
      ...[
        '@nestjs/common@11.2.10',
        '@nestjs/core@11.2.10',
        '@nestjs/platform-express@11.2.10',
        '@nestjs/testing@11.2.6',
      ],
      ...['typescript@5.9.3', 'ts-jest@29.4.15', ...jest],
    ],
    change: (folder) => {
      writeCommonJs(folder, 'tsc -p tsconfig.build.json', {
        module: 'commonjs',
        moduleResolution: undefined,
        resolvePackageJsonExports: undefined,
        target: 'ES2021',
      })
    },
    tests: [['Test it with Jest'], ['Test it without a transform of packages']],
  }),
  'nest-12-swc': guide('nestjs', {
    fixture: 'nest',
    packages: ['@nestjs/testing@12.1.1', 'typescript@6.0.3', '@swc/cli@0.8.1', ...jest],
    change: (folder) => {
      writeCommonJs(
        folder,
        'tsc -p tsconfig.build.json --noEmit && swc src --out-dir dist --strip-leading-paths --ignore "**/*.spec.ts"',
        {},
      )
    },
    tests: [['Test it with Jest', 'Use SWC']],
  }),
  next: guide('nextjs', { fixture: 'next' }),
  'next-16-standalone': guide('nextjs', {
    fixture: 'next',
    change: writeStandalone,
    commands: standalone('build --turbopack'),
    isExtra: true,
  }),
  'next-16-webpack': guide('nextjs', {
    fixture: 'next',
    change: writeStandalone,
    commands: standalone('build --webpack'),
    isExtra: true,
  }),
  'next-15': guide('nextjs', {
    fixture: 'next',
    packages: next15,
    change: writeNext15,
    commands: standalone('build'),
  }),
  'next-15-turbopack': guide('nextjs', {
    fixture: 'next',
    packages: next15,
    change: writeNext15,
    commands: standalone('build --turbopack'),
    isExtra: true,
  }),
  'write-a-store': guide('write-a-store', { sections: [null], check: passes(25) }),
  'write-an-adapter': guide('write-an-adapter', { sections: [null], check: passes(40) }),
  'write-a-provider': guide('write-a-provider', { sections: [null], check: passes(37, takeOutagesForEnds) }),
  'another-origin': guide('another-origin', { sections: ['Set up the API', 'Set up the page'], ...vite }),
  'adapter-express': { check: signsIn() },
  'adapter-fastify': { check: signsIn() },
  'adapter-nest': { check: signsIn(), fixture: 'nest' },
  'adapter-next': { check: signsIn({ at: '/auth/session' }), fixture: 'next' },
  core: { check: prints(/^{ signedIn: false, identities: {} }$/m) },
  'core-wink': { check: signsIn(byWink) },
  'core-wise': { check: prints(/^https:\/\/learn\.school\.example\/\S+$/m) },
  'core-wristband': { check: signsIn() },
  emulator: { sections: ['Use it in a test'], check: prints(/^503 200 2$/m) },
  oidc: {
    sections: ['Sign in with any OpenID provider'],
    check: signsIn({ provider: 'google', button: null, subject: 'ada' }),
    beside: besideOpenIdProvider,
  },
  opentelemetry: { check: prints(/latchkey\.route\.duration/) },
  react: vite,
  'store-postgres': { check: prints(healthy), beside: besidePostgres },
  'store-redis': { check: prints(healthy), beside: besideRedis },
  testkit: { sections: ['Sign a user in without a login'], check: passes(1) },
}

async function besideOpenIdProvider(): Promise<Beside> {
  const client = {
    id: 'example',
    secret: 'an-example-secret',
    redirectUri: 'http://localhost:3000/auth/google/callback',
  }
  const { issuer, close } = await startCertifiedProvider({ client, account: { sub: 'ada', name: 'Ada' } })
  return { settings: { ISSUER: issuer, CLIENT_ID: client.id, CLIENT_SECRET: client.secret }, close }
}

async function besidePostgres(): Promise<Beside> {
  const { url, close } = await startPostgres({ settings: { fsync: 'on', synchronous_commit: 'on' } })
  return { settings: { DATABASE_URL: url }, close }
}

async function besideRedis(): Promise<Beside> {
  const { url, stop } = await startRedis({ args: ['--appendonly', 'yes'] })
  return { settings: { REDIS_URL: url }, close: stop }
}

function takeOutagesForEnds(folder: string): void {
  const [failed, ended] = ["{ kind: 'failed', code: error.code }", "{ kind: 'ended', reason: 'out' }"]
  edit(folder, 'src/acme-provider.ts', (text) => text.replace(failed, ended))
}

/** Next 15 calls the file and its function middleware. */
function writeNext15(folder: string): void {
  writeStandalone(folder)
  renameSync(join(folder, 'proxy.ts'), join(folder, 'middleware.ts'))
  edit(folder, 'middleware.ts', (text) => text.replace('export function proxy(', 'export function middleware('))
}

function writeStandalone(folder: string): void {
  edit(folder, 'next.config.ts', (text) => text.replace('= {}', "= { output: 'standalone' }"))
}

/** Makes CommonJS of an app of Nest, as its generator does and did: no `type`, and no extensions in imports. */
function writeCommonJs(folder: string, build: string, compilerOptions: object): void {
  editJson(folder, 'package.json', ({ type: _, ...manifest }) => ({ ...manifest, scripts: { build } }))
  editJson(folder, 'tsconfig.json', (config) => ({
    compilerOptions: { ...(config['compilerOptions'] as object), types: ['node', 'jest'], ...compilerOptions },
  }))
  for (const file of globSync('src/*.ts', { cwd: folder })) {
    edit(folder, file, (text) => text.replaceAll(/(from '\.[^']*)\.js'/g, "$1'").replace('await boot', 'void boot'))
  }
}

function editJson(folder: string, file: string, change: (value: Record<string, unknown>) => object): void {
  edit(folder, file, (text) => JSON.stringify(change(JSON.parse(text) as Record<string, unknown>)))
}

function edit(folder: string, file: string, change: (text: string) => string): void {
  const path = join(folder, file)
  writeFileSync(path, change(readFileSync(path, 'utf8')))
}
