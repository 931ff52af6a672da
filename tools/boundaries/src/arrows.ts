import { posix } from 'node:path'
import type { Finding, Rule, Subject } from './rule.ts'
import type { Manifest } from './workspace.ts'

/**
 * The arrows of the design: what the published code of a package may import of ours. A package that is not here has no
 * place in the design yet.
 */
const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  oidc: ['core'],
  'core-wink': ['core', 'oidc'],
  'core-wise': ['core'],
  'core-wristband': ['core', 'oidc'],
  'adapter-fastify': ['core'],
  'adapter-nest': ['core'],
  'adapter-next': ['core'],
  'store-redis': ['core'],
  emulator: [],
  testkit: ['core'],
}

/** Stand-ins for vendors and for users: for tests, and for the runner of the demo. */
const standIns = ['emulator', 'testkit']
const runner = /^apps\/demo\/src\/run(?:\.ts$|\/)/

/** Imports between our packages follow the arrows of the design; types count. */
export const followArrows: Rule = (subject) => [
  ...subject.syntax.imports.flatMap(({ name, line }) => {
    const message = crossesFolders(subject, name) ?? againstArrows(subject, name)
    return message === null ? [] : [{ line, message }]
  }),
]

/** A manifest that names a package against the arrows would let the import resolve. */
export function manifestFollowsArrows(folder: string, manifest: Manifest): readonly Finding[] {
  const name = publishedName(folder)
  if (name === null) return []
  if (arrows[name] === undefined)
    return [{ line: 1, message: `packages/${name} is not in the arrows of tools/boundaries` }]
  return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    .map(ownPackage)
    .filter((target) => target !== null && !mayImport(name, target))
    .map((target) => ({ line: 1, message: `no arrow leads from ${name} to ${target}: drop the dependency` }))
}

function againstArrows(subject: Subject, specifier: string): string | null {
  const target = ownPackage(specifier)
  if (target === null) return null
  const from = publishedName(subject.package.folder)
  if (standIns.includes(target) && from !== target) {
    const allowed = subject.isTest || runner.test(subject.path) || subject.path.startsWith('tools/')
    return allowed ? null : `${target} is for tests and the demo's runner: code that runs elsewhere does without it`
  }
  if (from === null || mayImport(from, target)) return null
  return `no arrow leads from ${from} to ${target}`
}

function crossesFolders(subject: Subject, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null
  const path = posix.join(posix.dirname(subject.path), specifier)
  return path.startsWith(`${subject.package.folder}/`) ? null : `${specifier} leaves the package: import it by its name`
}

function mayImport(from: string, target: string): boolean {
  return from === target || (arrows[from] ?? []).includes(target)
}

function ownPackage(specifier: string): string | null {
  const name = /^@latchkey\/([^/]+)/.exec(specifier)?.[1]
  return name === undefined || name.startsWith('tool-') ? null : name
}

function publishedName(folder: string): string | null {
  return folder.startsWith('packages/') ? folder.slice('packages/'.length) : null
}
