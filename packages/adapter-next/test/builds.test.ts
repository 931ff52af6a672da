import { cpSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildApp } from './next-command.ts'

const packageFolder = join(import.meta.dirname, '..')
const deadline = 300_000

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

/** Lays out an app that has one version of Next, as an install from the registry would; the adapter finds that version. */
function layOut(version: number, linked: Readonly<Record<string, string>>): string {
  const app = join(packageFolder, `.built/next-${version}`)
  const modules = join(app, 'node_modules')
  rmSync(app, { recursive: true, force: true })
  cpSync(join(import.meta.dirname, 'route-app'), app, { recursive: true })
  writeFileSync(join(app, 'package.json'), '{ "private": true }')
  const include = ['next-env.d.ts', '**/*.ts', '**/*.tsx', '.next/types/**/*.ts']
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include, exclude: ['node_modules'] }))
  const adapter = join(modules, '@latchkey/adapter-next')
  mkdirSync(adapter, { recursive: true })
  for (const file of ['dist', 'package.json']) {
    cpSync(join(packageFolder, file), join(adapter, file), { recursive: true })
  }
  for (const [name, from] of Object.entries({ ...linked, '@latchkey/core': '@latchkey/core' })) {
    symlinkSync(realpathSync(join(packageFolder, 'node_modules', from)), join(modules, name))
  }
  return app
}

/** Next 16 calls the file and its function proxy. */
function renameMiddleware(app: string): void {
  renameSync(join(app, 'middleware.ts'), join(app, 'proxy.ts'))
  const text = readFileSync(join(app, 'proxy.ts'), 'utf8')
  writeFileSync(
    join(app, 'proxy.ts'),
    text
      .replace('import { proxy }', 'import { proxy as latchkey }')
      .replace('function middleware', 'function proxy')
      .replace('return proxy(', 'return latchkey('),
  )
}

describe('next build', () => {
  it.each([
    // It calls the compiler by a programming interface that newer ones do not have.
    [15, { next: 'next-15', typescript: 'typescript-5' }],
    [16, { next: 'next' }],
  ])(
    'of Next %d takes what `route` makes, with and without a type for the context',
    { timeout: deadline },
    async (version, linked) => {
      const app = layOut(version, linked)
      if (version > 15) renameMiddleware(app)
      const { status, output } = await buildApp(app, linked.next)
      expect([status, output]).toEqual([0, expect.stringContaining(`Next.js ${version}.`)])
      for (const path of ['/api/plain', '/api/orders/[id]', '/api/files/[[...path]]', '/auth/[...path]', '/account']) {
        expect(output).toContain(`ƒ ${path}`)
      }
      expect(output).toMatch(/ƒ (?:Middleware|Proxy)/)
    },
  )
})
