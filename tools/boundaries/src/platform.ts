import { isBuiltin } from 'node:module'
import type { Rule } from './rule.ts'

const nodeAllowed =
  /^packages\/(?:adapter-[^/]+|store-redis|emulator|testkit)\/|^packages\/core\/src\/crypto\/node\.ts$/
const nodeGlobals = new Set(['Buffer', 'process', 'global', 'setImmediate', 'clearImmediate'])

/** Cores run on every runtime with web standards: what only Node has stays in its places. */
export const keepNodeOut: Rule = (subject) => {
  if (!subject.isPublished || nodeAllowed.test(subject.path)) return []
  const modules = subject.syntax.imports.filter(({ name }) => isBuiltin(name))
  const globals = subject.syntax.identifiers.filter(({ name }) => nodeGlobals.has(name))
  return [...modules, ...globals].map(({ name, line }) => ({
    line,
    message: `${name} exists in Node only: use a web standard`,
  }))
}
