import { isBuiltin } from 'node:module'
import type { Rule, Subject } from './rule.ts'

/** Every package that a file imports is declared by its own package; tests and tools may use what is for development. */
export const declareDependencies: Rule = (subject) => {
  const declared = declaredFor(subject)
  return subject.syntax.imports.flatMap(({ name, line }) => {
    const dependency = packageOf(name)
    if (dependency === null || declared.has(dependency)) return []
    const where = subject.isTest ? 'devDependencies' : 'dependencies or peerDependencies'
    return [{ line, message: `${dependency} is not in the ${where} of ${subject.package.folder}` }]
  })
}

function declaredFor({ package: { manifest, folder }, workspace, isTest }: Subject): ReadonlySet<string> {
  const published = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }
  const tests =
    isTest || folder.startsWith('tools/') ? { ...manifest.devDependencies, ...workspace.manifest.devDependencies } : {}
  return new Set([manifest.name ?? '', ...Object.keys(published), ...Object.keys(tests)])
}

function packageOf(specifier: string): string | null {
  if (/^[.#/]/.test(specifier) || isBuiltin(specifier)) return null
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
