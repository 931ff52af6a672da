// Builds the package that it is started in: `src` without tests into `dist`. tsc writes the types, one file a source;
// of a package's code esbuild makes one file an entry, since modules cost more to find than to run. What several
// entries share, and what is imported when first needed, is a file of its own (docs/decisions/0008-build.md).
// An app has no entries: tsc writes its code, too.
// Plain JavaScript, since it also runs where Node does not read TypeScript.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build } from 'esbuild'

const folder = process.cwd()
const source = join(folder, 'src')
const output = join(folder, 'dist')
const manifest = /** @type {Manifest} */ (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
const entries = entriesOf(manifest)

// What was built of a file that is gone would be published.
rmSync(output, { recursive: true, force: true })
compile(entries.length > 0 ? { emitDeclarationOnly: true } : { declaration: false, declarationMap: false })
nameFilesInTypes(manifest)
if (entries.length > 0) await bundle()

/**
 * @typedef {string | Readonly<Record<string, string>>} Target
 * @typedef {{ exports?: Record<string, { 'latchkey:source'?: Target }>, imports?: Record<string, { 'latchkey:source'?: Target }>, bin?: Record<string, string> }} Manifest
 */

/**
 * The sources of what `exports`, `imports` and `bin` of a manifest name.
 * @param {Manifest} manifest
 */
function entriesOf({ exports = {}, imports = {}, bin = {} }) {
  const targets = [...Object.values(exports), ...Object.values(imports)].map(
    (target) => target['latchkey:source'] ?? {},
  )
  const sources = targets.flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
  const commands = Object.values(bin).map((file) => file.replace('/dist/', '/src/').replace(/\.js$/, '.ts'))
  return [...new Set([...sources, ...commands])]
}

/**
 * Writes into types the files in the place of the names of `imports`, which not every compiler reads. The first one,
 * Node's, stands for all: they have the same exports.
 * @param {Manifest} manifest
 */
function nameFilesInTypes({ imports = {} }) {
  for (const [name, { 'latchkey:source': targets = {} }] of Object.entries(imports)) {
    const [target = ''] = Object.values(targets)
    for (const file of readdirSync(output, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.d.ts')) continue
      const path = relative(dirname(join(output, file)), join(output, target.replace('./src/', ''))).replaceAll(
        '\\',
        '/',
      )
      const text = readFileSync(join(output, file), 'utf8')
      if (text.includes(`'${name}'`)) {
        writeFileSync(
          join(output, file),
          text.replaceAll(`'${name}'`, `'${path.startsWith('.') ? path : `./${path}`}'`),
        )
      }
    }
  }
}

/** @param {Readonly<Record<string, boolean>>} options */
function compile(options) {
  const cache = join(folder, 'node_modules/.cache')
  const config = {
    extends: join(folder, 'tsconfig.json'),
    compilerOptions: { noEmit: false, rootDir: source, outDir: output, ...options },
    include: [source],
    exclude: [join(source, '**/*.test.ts'), join(source, '**/*.test-d.ts')],
  }
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, 'tsconfig.build.json'), JSON.stringify(config))
  const tsc = join(import.meta.dirname, '../node_modules/.bin/tsc')
  const { status, error } = spawnSync(tsc, ['-p', join(cache, 'tsconfig.build.json')], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

function bundle() {
  return build({
    absWorkingDir: folder,
    entryPoints: entries,
    outbase: source,
    outdir: output,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    tsconfig: join(folder, 'tsconfig.json'),
    // Names of other packages and of `imports` are resolved where the code runs, by its conditions.
    packages: 'external',
    external: ['node:*', '#*'],
    // The sources are published beside the maps.
    sourcemap: true,
    sourcesContent: false,
    chunkNames: 'shared/[name]-[hash]',
    logLevel: 'warning',
  })
}
