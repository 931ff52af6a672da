import type { Finding, Rule } from './rule.ts'
import type { Mention } from './syntax.ts'

/** Frameworks that ask for a default export, and the command, whose output is its purpose. */
const mayExportDefault = /^packages\/adapter-(?:fastify|next)\/src\/index\.ts$/
const mayPrint = /^packages\/emulator\/src\/command(?:\.ts$|\/)/

/** What a package exports is listed by name, so that a change of its public API is a line in a diff. */
export const exportByName: Rule = ({ isPublished, path, syntax }) => {
  if (!isPublished) return []
  const defaults = mayExportDefault.test(path) ? [] : syntax.defaultExports
  return [
    ...findings(syntax.starExports, 'export * hides what is public: list the exports by name'),
    ...findings(defaults, 'a default export has no name: export it by name'),
  ]
}

/** Randomness comes from crypto. */
export const useCryptoRandomness: Rule = ({ isPublished, syntax }) =>
  isPublished
    ? findings(members(syntax.members, /^Math\.random$/), 'Math.random is guessable: use crypto.getRandomValues')
    : []

/** A library reports by events and errors. */
export const keepConsoleOut: Rule = ({ isPublished, path, syntax }) =>
  isPublished && !mayPrint.test(path)
    ? findings(members(syntax.members, /^console\./), 'a library does not print: report it by an event or an error')
    : []

function members(mentions: readonly Mention[], pattern: RegExp): readonly Mention[] {
  return mentions.filter(({ name }) => pattern.test(name))
}

function findings(mentions: readonly Mention[], message: string): readonly Finding[] {
  return mentions.map(({ line }) => ({ line, message }))
}
