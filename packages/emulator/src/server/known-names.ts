/**
 * Refuses a name that is not known: a misspelt fault would never happen, and the test that plans it would pass for nothing.
 *
 * @throws TypeError with the names that there are
 */
export function requireKnown(kind: string, name: string, known: readonly string[]): void {
  if (!known.includes(name)) throw new TypeError(`There is no ${kind} '${name}'. Known: ${known.join(', ')}.`)
}

/** The function that a name stands for, or the one that was given. */
export function mutationOf<Mutation>(mutation: string | Mutation, named: Readonly<Record<string, Mutation>>): Mutation {
  if (typeof mutation !== 'string') return mutation
  requireKnown('mutation', mutation, Object.keys(named))
  return named[mutation] as Mutation
}
