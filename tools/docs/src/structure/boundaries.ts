import { arrows, putIn } from './layout.ts'
import { isTest, type SourceFile } from './source-files.ts'

/** What of a package.json counts here. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>
  readonly main?: string
  readonly types?: string
  readonly typesVersions?: unknown
}

const providers = new Set(['wink', 'wise', 'wristband'])
const word = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g
const drawer = /\/(utils?|helpers?|common|misc|types)(?:\.[cm]?tsx?$|\/)/

/** What the linter does not see of a file: one sentence for each place. */
export function findingsIn(file: SourceFile, manifest: Manifest): readonly string[] {
  const { path, text, imports } = file
  const name = drawer.exec(path)?.[1]
  const found = name === undefined ? [] : [`"${name}" names no concept: name the file for what it exports`]
  const [, owner = ''] = /^packages\/([^/]+)\/src\//.exec(path) ?? []
  if (owner === '' || isTest(path)) return found.map((finding) => `${path}: ${finding}`)
  if (/^(?:core|oidc|adapter-.+)$/.test(owner)) {
    const named = (text.match(word) ?? []).filter((part) => providers.has(part.toLowerCase()))
    found.push(...named.map((part) => `"${part}" is a provider: nothing here knows one`))
  }
  if (/^export (?:type )?\*/m.test(text)) found.push('export * hides what is public: list the exports by name')
  // What is for development resolves as well, and would be missing in a published package.
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
  const known = [null, `@latchkey/${owner}`, ...declared, ...(putIn[owner] ?? [])]
  const missing = imports.map(packageOf).filter((one) => !known.includes(one))
  found.push(...missing.map((one) => `${one} is not in the dependencies or peerDependencies`))
  return found.map((finding) => `${path}: ${finding}`)
}

/**
 * Dependencies of ours to which no arrow leads: they would let an import resolve. And what compilers that do not read
 * `exports` find, where it is not the same.
 */
export function findingsInManifest(name: string, manifest: Manifest): readonly string[] {
  const allowed = arrows[name]
  if (allowed === undefined) return [`packages/${name} is not in the arrows of tools/docs/src/structure/layout.ts`]
  const foreign = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    .filter((one) => one.startsWith('@latchkey/') && !allowed.includes(one.slice('@latchkey/'.length)))
    .map((one) => `no arrow leads to ${one}: drop the dependency`)
  const { main, types, typesVersions } = manifest
  const found = JSON.stringify({ main, types, typesVersions })
  const wanted = JSON.stringify(withoutExports(manifest.exports))
  const stale = found === wanted ? [] : [`main, types and typesVersions are not what exports says: ${wanted}`]
  return [...foreign, ...stale].map((finding) => `packages/${name}/package.json: ${finding}`)
}

/** What `exports` says, for compilers that do not read it (docs/decisions/0009-commonjs.md). */
function withoutExports(exports: Manifest['exports'] = {}): object {
  const targets = Object.entries(exports).flatMap(([path, target]) =>
    typeof target !== 'string' && typeof target['types'] === 'string' ? [[path, target, target['types']] as const] : [],
  )
  const [, entry, types] = targets.find(([path]) => path === '.') ?? []
  const subpaths = targets.filter(([path]) => path !== '.').map(([path, , file]) => [path.slice(2), [file]] as const)
  return {
    ...(entry && { main: String(entry['default']), types }),
    ...(subpaths.length > 0 && { typesVersions: { '*': Object.fromEntries(subpaths) } }),
  }
}

function packageOf(specifier: string): string | null {
  if (/^(?:[.#/]|node:)/.test(specifier)) return null
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}
