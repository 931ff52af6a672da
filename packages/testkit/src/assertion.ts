/**
 * Throws unless both values are equal: primitives by `Object.is`, lists member by member. The error reads like one of
 * `node:assert`, so that every test runner shows both values.
 */
export function assertEqual(actual: unknown, expected: unknown, message: string): void {
  if (!isEqual(actual, expected)) throw new ContractError(message, { actual, expected })
}

class ContractError extends Error {
  override readonly name = 'AssertionError'
  readonly code = 'ERR_ASSERTION'
  readonly operator = 'deepStrictEqual'
  readonly generatedMessage = false
  readonly actual: unknown
  readonly expected: unknown

  constructor(message: string, { actual, expected }: { readonly actual: unknown; readonly expected: unknown }) {
    super(message)
    this.actual = actual
    this.expected = expected
  }
}

function isEqual(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return Object.is(one, other)
  return one.length === other.length && one.every((member, index) => isEqual(member, other[index]))
}
