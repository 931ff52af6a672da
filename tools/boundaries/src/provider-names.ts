import type { Rule } from './rule.ts'

const blind = /^packages\/(?:core|oidc|adapter-[^/]+)\//
const providers = new Set(['wink', 'wise', 'wristband'])
const word = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g

/** Core, oidc and the adapters know no provider, not even in a comment: `likewise` is a word, `createWise` a name. */
export const keepProvidersOut: Rule = (subject) => {
  if (!subject.isPublished || !blind.test(subject.path)) return []
  return subject.text.split('\n').flatMap((text, index) => {
    const named = (text.match(word) ?? []).find((part) => providers.has(part.toLowerCase()))
    return named === undefined ? [] : [{ line: index + 1, message: `"${named}" is a provider: nothing here knows one` }]
  })
}
