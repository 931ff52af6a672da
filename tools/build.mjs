// Builds the package that it is started in: `src` without tests into `dist`. tsc writes the types, one file a source;
// of a package's code esbuild makes one file an entry, since modules cost more to find than to run. What several
// entries share, and what is imported when first needed, is a file of its own (docs/decisions/0008-build.md).
// What of other packages is not a dependency of it is put in, with the licences of it beside the code.
// An app has no entries: tsc writes its code, too.
// Plain JavaScript, since it also runs where Node does not read TypeScript.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { build } from 'esbuild'

const folder = process.cwd()
const source = join(folder, 'src')
const output = join(folder, 'dist')
const manifest = /** @type {Manifest} */ (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
const entries = entriesOf(manifest)

/**
 * How all code is put together.
 * @type {import('esbuild').BuildOptions}
 */
const options = {
  absWorkingDir: folder,
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2023',
  // The sources are published beside the maps.
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
}

// What was built of a file that is gone would be published.
rmSync(output, { recursive: true, force: true })
compile(entries.length > 0 ? { emitDeclarationOnly: true } : { declaration: false, declarationMap: false })
nameFilesInTypes(manifest)
if (entries.length > 0) await mergeChunks(await bundle())

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

/**
 * Writes into types the files in the place of the names of `imports`, which not every compiler reads. The first one,
 * Node's, stands for all: they have the same exports.
 * @param {Manifest} manifest
 */
function nameFilesInTypes({ imports = {} }) {
  const files = readdirSync(output, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.d.ts'))
  for (const file of files.map((name) => join(output, name))) {
    let text = readFileSync(file, 'utf8')
    for (const [name, { 'latchkey:source': targets = {} }] of Object.entries(imports)) {
      const [target = ''] = Object.values(targets)
      const path = relative(dirname(file), join(output, target.replace('./src/', ''))).replaceAll('\\', '/')
      text = text.replaceAll(`'${name}'`, `'${path.startsWith('.') ? path : `./${path}`}'`)
    }
    writeFileSync(file, text)
  }
}

/** @param {Readonly<Record<string, boolean>>} emitted */
function compile(emitted) {
  const cache = join(folder, 'node_modules/.cache')
  const config = {
    extends: join(folder, 'tsconfig.json'),
    compilerOptions: { noEmit: false, rootDir: source, outDir: output, ...emitted },
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
    ...options,
    entryPoints: entries,
    outbase: source,
    outdir: output,
    splitting: true,
    tsconfig: join(folder, 'tsconfig.json'),
    // Names of dependencies, of the package itself and of `imports` are resolved where the code runs, by its conditions.
    external: ['node:*', '#*', '@latchkey/*', ...dependenciesOf(manifest)],
    chunkNames: 'shared/[name]-[hash]',
    metafile: true,
  })
  const isOfOthers = (/** @type {string} */ file) => /\/node_modules\//.test(file)
  writeLicences(Object.keys(metafile.inputs).filter(isOfOthers))
  // The sources of others are not published: no map may lead to them.
  for (const [path, { inputs }] of Object.entries(metafile.outputs)) {
    if (Object.keys(inputs).some(isOfOthers) && path.endsWith('.js')) removeMap(join(folder, path))
  }
  return metafile.outputs
}

/**
 * esbuild makes a file of what each set of entries shares. Those that run anywhere and are needed at once become one: to
 * find a file takes longer than to read code that is not needed.
 * @param {import('esbuild').Metafile['outputs']} outputs
 */
async function mergeChunks(outputs) {
  const chunk = /\/shared\/chunk-[^/]*\.js$/
  /** @param {string} file */
  const staticImports = (file) =>
    (outputs[file]?.imports ?? []).filter(({ kind }) => kind === 'import-statement').map(({ path }) => path)
  const needed = new Set(Object.keys(outputs).filter((file) => entries.includes(`./${outputs[file]?.entryPoint}`)))
  for (const file of needed) for (const path of staticImports(file)) if (outputs[path] !== undefined) needed.add(path)
  /** @type {(file: string) => boolean} */
  const runsAnywhere = (file) => !file.startsWith('node:') && staticImports(file).every(runsAnywhere)
  const merged = [...needed].filter((file) => chunk.test(file) && runsAnywhere(file))
  if (merged.length < 2) return
  const names = merged.flatMap((file) => outputs[file]?.exports ?? [])
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  if (twice.length > 0) throw new Error(`Exported twice in what entries share: ${twice.join(', ')}. Rename one.`)

  const shared = join(output, 'shared')
  /** @param {string} path */
  const isMerged = (path) => merged.some((file) => file.endsWith(basename(path)))
  await build({
    ...options,
    stdin: { contents: merged.map((file) => `export * from './${basename(file)}'`).join('\n'), resolveDir: shared },
    outfile: join(shared, 'common.js'),
    plugins: [
      {
        name: 'only-merged',
        setup: (building) => {
          building.onResolve({ filter: /.*/ }, ({ path }) => (isMerged(path) ? undefined : { path, external: true }))
        },
      },
    ],
  })
  for (const file of merged) for (const end of ['', '.map']) rmSync(join(folder, file + end))
  for (const file of Object.keys(outputs).filter((name) => name.endsWith('.js') && !merged.includes(name))) {
    const code = readFileSync(join(folder, file), 'utf8')
    const pointed = code.replaceAll(
      /"([./]*(?:shared\/)?)(chunk-\w+\.js)"/g,
      (given, /** @type {string} */ parent, /** @type {string} */ name) =>
        isMerged(name) ? `"${parent}common.js"` : given,
    )
    writeFileSync(join(folder, file), pointed)
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
    const text = readFileSync(resolve(folder, path, 'package.json'), 'utf8')
    const { name, version } = /** @type {Readonly<Record<string, string>>} */ (JSON.parse(text))
    return `${name} ${version}\n\n${readFileSync(resolve(folder, path, 'LICENSE'), 'utf8').trim()}\n`
  })
  if (texts.length > 0) writeFileSync(join(output, 'THIRD-PARTY-LICENSES'), texts.join('\n\n'))
}
