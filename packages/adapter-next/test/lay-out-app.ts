import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { nextConfigText } from './build-settings.ts'

const packageFolder = join(import.meta.dirname, '..')

/** A version of Next, and what an app that has it finds in `node_modules`: by name, the name that it has in ours. */
export interface NextVersion {
  readonly version: 15 | 16
  readonly linked: Readonly<Record<string, string>> & { readonly next: 'next' | 'next-15' }
}

/** The version that new apps have. */
export const next16: NextVersion = { version: 16, linked: { next: 'next' } }

/** The versions that the adapter is for. */
export const nextVersions: readonly NextVersion[] = [
  // It calls the compiler by a programming interface that newer ones do not have.
  { version: 15, linked: { next: 'next-15', typescript: 'typescript-5' } },
  next16,
]

const compilerOptions = {
  target: 'es2023',
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  jsx: 'preserve',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  isolatedModules: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  noEmit: true,
  incremental: true,
  plugins: [{ name: 'next' }],
}

/**
 * Lays out an app that has one version of Next, as an install from the registry would; the adapter finds that version.
 *
 * @param source The folder beside this file that has the app.
 * @param options What of `next.config` the app sets.
 * @param minified Whether its code is minified when it is built. Default: it is not, which is faster.
 * @returns The folder of the app.
 */
export function layOutApp(
  source: string,
  name: string,
  { version, linked }: NextVersion,
  options: Readonly<Record<string, unknown>> = {},
  minified = false,
): string {
  const app = join(packageFolder, '.built', name)
  const modules = join(app, 'node_modules')
  rmSync(app, { recursive: true, force: true })
  cpSync(join(import.meta.dirname, source), app, { recursive: true })
  writeFileSync(join(app, 'package.json'), '{ "private": true }')
  const include = ['next-env.d.ts', '**/*.ts', '**/*.tsx', '.next/types/**/*.ts']
  const types = join(app, 'tsconfig.json')
  if (!existsSync(types)) {
    writeFileSync(types, JSON.stringify({ compilerOptions, include, exclude: ['node_modules'] }))
  }
  writeFileSync(join(app, 'next.config.mjs'), nextConfigText(version, options, minified))
  const adapter = join(modules, '@latchkey/adapter-next')
  mkdirSync(adapter, { recursive: true })
  for (const file of ['dist', 'package.json']) {
    cpSync(join(packageFolder, file), join(adapter, file), { recursive: true })
  }
  for (const [dependency, ours] of Object.entries({ ...linked, '@latchkey/core': '@latchkey/core' })) {
    symlinkSync(realpathSync(join(packageFolder, 'node_modules', ours)), join(modules, dependency))
  }
  if (version === 15 && existsSync(join(app, 'proxy.ts'))) renameProxy(app)
  return app
}

/** Next 15 calls the file and its function middleware. */
function renameProxy(app: string): void {
  const file = join(app, 'middleware.ts')
  renameSync(join(app, 'proxy.ts'), file)
  writeFileSync(file, readFileSync(file, 'utf8').replace('export function proxy(', 'export function middleware('))
}
