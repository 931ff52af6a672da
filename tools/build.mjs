// Builds the package that it is started in: `src` without tests into `dist`. tsc writes the types, one file a source;
// of a package's code esbuild makes one file an entry, since modules cost more to find than to run. What several
// entries share, and what is imported when first needed, is a file of its own (docs/decisions/0008-build.md).
// What of other packages is not a dependency of it is put in, with the licences of it beside the code.
// An app has no entries: tsc writes its code, too.
// Plain JavaScript, since it also runs where Node does not read TypeScript.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const folder = process.cwd()
const source = join(folder, 'src')
const output = join(folder, 'dist')
const manifest = /** @type {Manifest} */ (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
const entries = entriesOf(manifest)

// What was built of a file that is gone would be published.
rmSync(output, { recursive: true, force: true })
compile(entries.length > 0 ? { emitDeclarationOnly: true } : { declaration: false, declarationMap: false })
if (entries.length > 0) await bundle()

/**
 * @typedef {string | Readonly<Record<string, string>>} Target
 * @typedef {{ exports?: Record<string, { 'latchkey:source'?: Target }>, imports?: Record<string, { 'latchkey:source'?: Target }>, bin?: Record<string, string>, dependencies?: object, peerDependencies?: object }} Manifest
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

async function bundle() {
  const { metafile } = await build({
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
    // Names of dependencies, of the package itself and of `imports` are resolved where the code runs, by its conditions.
    external: ['node:*', '#*', '@latchkey/*', ...dependenciesOf(manifest)],
    metafile: true,
    // The sources are published beside the maps.
    sourcemap: true,
    sourcesContent: false,
    chunkNames: 'shared/[name]-[hash]',
    logLevel: 'warning',
  })
  const isOfOthers = (/** @type {string} */ file) => /\/node_modules\//.test(file)
  writeLicences(Object.keys(metafile.inputs).filter(isOfOthers))
  // The sources of others are not published: no map may lead to them.
  for (const [path, { inputs }] of Object.entries(metafile.outputs)) {
    if (Object.keys(inputs).some(isOfOthers) && path.endsWith('.js')) removeMap(join(folder, path))
  }
}

/** @param {string} path */
function removeMap(path) {
  rmSync(`${path}.map`)
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*\n/m, ''))
}

/** @param {Manifest} manifest */
function dependenciesOf({ dependencies, peerDependencies }) {
  return Object.keys({ ...dependencies, ...peerDependencies }).flatMap((name) => [name, `${name}/*`])
}

/**
 * Writes the licences of the packages that these files are of; nothing if all of them are our own.
 * @param {readonly string[]} files
 */
function writeLicences(files) {
  const folders = files.flatMap((file) => /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [])
  const texts = [...new Set(folders)].sort().map((path) => {
    const { name, version } = JSON.parse(readFileSync(resolve(folder, path, 'package.json'), 'utf8'))
    return `${name} ${version}\n\n${readFileSync(resolve(folder, path, 'LICENSE'), 'utf8').trim()}\n`
  })
  if (texts.length > 0) writeFileSync(join(output, 'THIRD-PARTY-LICENSES'), texts.join('\n\n'))
}
