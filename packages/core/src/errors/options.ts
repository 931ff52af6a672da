import { coreError } from './core-errors.ts'

/**
 * Refuses options that no one knows, so that a misspelt one is not silently without effect.
 *
 * @param factory The function whose options they are, for the message.
 * @returns The options' own members alone: what another library left on `Object.prototype` sets no option.
 * @throws `core/invalid_option`
 */
export function checkOptions<Options>(factory: string, options: Options, known: readonly string[]): Options {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidOption(factory, 'options', 'must be an object')
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw invalidOption(factory, name, `is not known. Known: ${known.join(', ')}`)
  }
  return { __proto__: null, ...options }
}

/**
 * Refuses an option that is no list.
 *
 * @throws `core/invalid_option`
 */
export function checkList<Member>(factory: string, option: string, value: readonly Member[]): readonly Member[] {
  const given: unknown = value
  if (!Array.isArray(given)) throw invalidOption(factory, option, 'must be a list')
  return value
}

/**
 * Refuses an option that is there and is no function.
 *
 * @throws `core/invalid_option`
 */
export function checkFunction(factory: string, option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw invalidOption(factory, option, 'must be a function')
}

/**
 * The error for one bad option. It names the option, never its value.
 *
 * @example throw invalidOption('createAcme', 'lifetimeSeconds', 'must be a whole number from 1 to 600')
 */
export function invalidOption(factory: string, option: string, problem: string): Error {
  return coreError('core/invalid_option', { hint: `${factory}: \`${option}\` ${problem}.`, cause: { factory, option } })
}
