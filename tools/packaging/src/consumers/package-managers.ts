import { mkdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { installWithNpm, plainEnvironment, plainShell } from '../plain-shell.ts'

/** What installs packages in an app. */
export interface PackageManager {
  readonly name: string
  /** What `npm install` takes to bring it; npm itself is there. */
  readonly from?: string
  /** A subset for each run of the checks. */
  readonly isInChecks?: boolean
  /** Adds packages to an app, without scripts of theirs. */
  readonly add: string
  /** Runs a script of an app. */
  readonly run: string
  /** How it builds an app of Next; `next build` by default. */
  readonly nextBuild?: string
  /** The settings of an app, beside `.npmrc`. */
  readonly files?: (registry: string) => Readonly<Record<string, string>>
}

const berry = { from: 'yarn@npm:@yarnpkg/cli-dist@4.18.1', add: 'yarn add', run: 'yarn run' }

/** Yarn since 2 does not read `.npmrc`, wants a lock file where a project begins, and waits before it takes what is new. */
const berryFiles = (nodeLinker: string) => (registry: string) => ({
  'yarn.lock': '',
  '.yarnrc.yml': JSON.stringify({
    nodeLinker,
    npmScopes: { latchkey: { npmRegistryServer: registry } },
    unsafeHttpWhitelist: [new URL(registry).hostname],
    npmPreapprovedPackages: ['@latchkey/*'],
    enableGlobalCache: false,
    enableImmutableInstalls: false,
    enableScripts: false,
    enableTelemetry: false,
  }),
})

/** The machine's own. */
export const npm: PackageManager = {
  name: 'npm',
  isInChecks: true,
  add: 'npm install --no-audit --no-fund --ignore-scripts --loglevel error',
  run: 'npm run',
}

/** Those that people have. Bun runs what it installed, and Turbopack does not find what Yarn does not unpack. */
export const packageManagers: readonly PackageManager[] = [
  npm,
  { name: 'pnpm', from: 'pnpm@12.21.0', isInChecks: true, add: 'pnpm add --ignore-scripts', run: 'pnpm run' },
  {
    name: 'yarn-1',
    from: 'yarn@1.22.22',
    // It alone refuses what a dependency of a framework says of Node, such as Fastify's `cookie` under Node 20.
    add: 'yarn add --ignore-scripts --ignore-engines --silent',
    run: 'yarn run',
  },
  { name: 'yarn-4', ...berry, files: berryFiles('node-modules') },
  { name: 'yarn-4-pnp', ...berry, files: berryFiles('pnp'), nextBuild: 'next build --webpack' },
  {
    name: 'bun',
    from: 'bun@npm:@oven/bun-linux-x64@1.4.5',
    add: 'bun add --ignore-scripts --silent',
    run: 'bun --bun run',
  },
]

/**
 * Installs a package manager into a folder.
 *
 * @returns The variables of an environment in which it is there, with caches that end with the folder.
 * @throws Error when it cannot be had.
 */
export function obtain({ from }: PackageManager, folder: string): Readonly<Record<string, string>> {
  mkdirSync(folder)
  if (from !== undefined) installWithNpm(plainShell(folder), ['--prefix', folder, from])
  const bins = ['.bin', 'bun/bin'].map((bin) => join(folder, 'node_modules', bin))
  // What loads ES modules by `require` is not older than what our packages need.
  const isOld = plainShell(folder)('node', ['-p', 'process.features.require_module']) !== 'true'
  const node = isOld ? [dirname(process.execPath)] : []
  return {
    PATH: [...bins, ...node, plainEnvironment()['PATH']].join(delimiter),
    YARN_GLOBAL_FOLDER: join(folder, 'cache'),
    BUN_INSTALL_CACHE_DIR: join(folder, 'cache'),
  }
}
