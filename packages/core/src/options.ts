import { coreError } from './errors/core-errors.ts'

/**
 * Refuses options that no one knows, so that a misspelt one is not silently without effect.
 *
 * @param factory The function whose options they are, for the message.
 * @throws `core/invalid_option`
 */
export function checkOptions(factory: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidOption(factory, 'options', 'must be an object')
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw invalidOption(factory, name, `is not known. Known: ${known.join(', ')}`)
  }
}

/**
 * The error for one bad option. It names the option, never its value.
 *
 * @example throw invalidOption('createWiseSso', 'lifetimeSeconds', 'must be a whole number from 1 to 600')
 */
export function invalidOption(factory: string, option: string, problem: string): Error {
  return coreError('core/invalid_option', { hint: `${factory}: \`${option}\` ${problem}.`, cause: { factory, option } })
}
