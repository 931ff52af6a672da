import { globSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An app in which a guide is followed. */
export interface App {
  /** The page in docs/guides. */
  readonly page: string
  /** The folder in fixtures; that of the framework's name by default. */
  readonly fixture?: string
  /** What is installed over the fixture's own. */
  readonly packages?: readonly string[]
  /** Changes what the fixture and the guide wrote. */
  readonly change?: (folder: string) => void
  /** In the place of the guide's commands; the last one serves the app. */
  readonly commands?: readonly string[]
  /** Sections of docs/guides/commonjs.md to follow then; the commands of the last one must pass. */
  readonly tests?: readonly string[]
  /** Left out unless named, or with `--all`. */
  readonly isExtra?: boolean
}

const next15 = ['next@15.5.29', 'typescript@5.9.3']
const standalone = (build: string): readonly string[] => [`npx next ${build}`, 'node .next/standalone/server.js']
const jest = ['jest@30.5.2', '@types/jest@30.0.0']

/** The matrix: what a newcomer may have, by a name for the command line. */
export const apps: Readonly<Record<string, App>> = {
  fastify: { page: 'fastify.md' },
  express: { page: 'express.md' },
  nest: { page: 'nestjs.md' },
  'nest-11-commonjs': {
    page: 'nestjs.md',
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
    tests: ['Test it with Jest'],
  },
  'nest-12-swc': {
    page: 'nestjs.md',
    fixture: 'nest',
    packages: ['@nestjs/testing@12.1.1', 'typescript@6.0.3', '@swc/cli@0.8.1', ...jest],
    change: (folder) => {
      writeCommonJs(
        folder,
        'tsc -p tsconfig.build.json --noEmit && swc src --out-dir dist --strip-leading-paths --ignore "**/*.spec.ts"',
        {},
      )
    },
    tests: ['Test it with Jest', 'Use SWC'],
  },
  next: { page: 'nextjs.md' },
  'next-16-standalone': {
    page: 'nextjs.md',
    fixture: 'next',
    change: writeStandalone,
    commands: standalone('build --turbopack'),
    isExtra: true,
  },
  'next-16-webpack': {
    page: 'nextjs.md',
    fixture: 'next',
    change: writeStandalone,
    commands: standalone('build --webpack'),
    isExtra: true,
  },
  'next-15': {
    page: 'nextjs.md',
    fixture: 'next',
    packages: next15,
    change: writeNext15,
    commands: standalone('build'),
  },
  'next-15-turbopack': {
    page: 'nextjs.md',
    fixture: 'next',
    packages: next15,
    change: writeNext15,
    commands: standalone('build --turbopack'),
    isExtra: true,
  },
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
