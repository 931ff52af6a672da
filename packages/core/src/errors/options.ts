import { parseWebUrl } from '../model/url.ts'
import { defineErrors, type ErrorDefinition } from './auth-error.ts'

/** A row of the table of core. It stands here, so that a bundle in which options alone are checked has no other. */
export const invalidOptionDefinition: ErrorDefinition = {
  status: 500,
  message: 'An option is not valid.',
  hint: 'Correct the option that the hint names.',
}

const optionError = defineErrors({ 'core/invalid_option': invalidOptionDefinition })

/** What one option must be. Make one with {@link option} or {@link rule}. */
export interface OptionRule {
  /** Ends the sentence "`name` …", such as `must be true or false`. */
  readonly must: string
  /** Whether the option must be given. */
  readonly isRequired: boolean
  /** Whether a value that was given is allowed. */
  holds(value: unknown): boolean
}

/** A rule for every member of an options type: the compiler finds the member that has none. */
export type OptionRules<Options> = { readonly [Name in keyof Options]-?: OptionRule }

/**
 * Checks the options of a factory. A member that is `undefined` counts as not given; a member that no rule knows is
 * refused, so that a misspelt option is not silently without effect.
 *
 * @param factory The function whose options they are, for the message.
 * @returns The members that were given, and nothing of what another library left on `Object.prototype`.
 * @throws `core/invalid_option`, naming the option and never its value
 */
export function checkOptions<Options extends object>(
  factory: string,
  given: Options,
  rules: OptionRules<Options>,
): Options {
  return checkMembers(factory, withoutUndefined(factory, given), rules)
}

/**
 * Checks a requirement of a guard. Unlike an option, a member that is `undefined` is refused: it would let everyone pass.
 *
 * @throws `core/invalid_option`
 */
export function checkRequirement<Requirement extends object>(
  factory: string,
  given: Requirement,
  rules: OptionRules<Requirement>,
): Requirement {
  if (checkedEarly.get(given) === rules) return given
  const members: Record<string, unknown> = { __proto__: null, ...asObject(factory, given) }
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) throw invalidOption(factory, name, 'must not be undefined: it would let everyone pass')
    // A list of its own: what becomes of the app's since must not change what a guard requires.
    if (Array.isArray(value)) members[name] = Object.freeze(value.slice())
  }
  return checkMembers(factory, members as Requirement, rules)
}

/** What {@link checkRequirementEarly} returned, which nobody can change, and by which rules it was checked. */
const checkedEarly = new WeakMap<object, object>()

/**
 * Does once for a guard, where it is made, what {@link checkRequirement} would do on each request: what this returns passes
 * there as it is.
 *
 * @throws `core/invalid_option`
 */
export function checkRequirementEarly<Requirement extends object>(
  factory: string,
  given: Requirement,
  rules: OptionRules<Requirement>,
): Requirement {
  const checked = Object.freeze(checkRequirement(factory, given, rules))
  checkedEarly.set(checked, rules)
  return checked
}

/**
 * The error for one bad option. It names the option, never its value.
 *
 * @example throw invalidOption('createAcme', 'lifetimeSeconds', 'must be a whole number from 1 to 600')
 */
export function invalidOption(factory: string, name: string, must: string): Error {
  return optionError('core/invalid_option', {
    hint: `${factory}: \`${name}\` ${must}.`,
    cause: { factory, option: name },
  })
}

/** A rule of one's own for an option that may be left out. */
/* @__NO_SIDE_EFFECTS__ */
export function rule(must: string, holds: (value: unknown) => boolean): OptionRule {
  return { must, holds, isRequired: false }
}

/** Makes a rule's option one that must be given. */
/* @__NO_SIDE_EFFECTS__ */
export function required(optional: OptionRule): OptionRule {
  return { ...optional, isRequired: true }
}

/** The rules that most options need. */
export const option: OptionLibrary = {
  text: rule('must be a text that is not empty', (value) => typeof value === 'string' && value.trim() !== ''),
  boolean: rule('must be true or false', (value) => typeof value === 'boolean'),
  function: rule('must be a function', (value) => typeof value === 'function'),
  object: rule('must be an object', isObject),
  webUrl: rule(
    'must be an https URL (http on loopback only) without user info or fragment',
    (value) => parseWebUrl(value) !== null,
  ),
  auth: rule(
    'must come from createAuth',
    (value) => typeof (value as { readonly handle?: unknown } | null)?.handle === 'function',
  ),
  anything: rule('must be given', () => true),
  wholeNumber: (least: number, most: number): OptionRule =>
    rule(
      `must be a whole number from ${least} to ${most}`,
      (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
    ),
  oneOf: (values: readonly unknown[]): OptionRule =>
    rule(`must be one of ${values.map(quoted).join(', ')}`, (value) => values.includes(value)),
  list: (member: OptionRule): OptionRule =>
    rule(
      `must be a list; each member ${member.must}`,
      (value) => Array.isArray(value) && value.every((each) => member.holds(each)),
    ),
  filledList: (member: OptionRule): OptionRule =>
    rule(
      `must be a list with at least one member; each ${member.must}`,
      (value) => Array.isArray(value) && value.length > 0 && value.every((each) => member.holds(each)),
    ),
}

/** The rules that most options need. */
export interface OptionLibrary {
  /** A text that is not empty. */
  readonly text: OptionRule
  /** True or false. */
  readonly boolean: OptionRule
  /** A function. */
  readonly function: OptionRule
  /** An object whose members are checked elsewhere. */
  readonly object: OptionRule
  /** An https URL, or http on loopback, without user info and fragment. */
  readonly webUrl: OptionRule
  /** What an adapter mounts. */
  readonly auth: OptionRule
  /** Checked by the code that uses it. */
  readonly anything: OptionRule
  /** A whole number in a range, its ends included. */
  wholeNumber(least: number, most: number): OptionRule
  /** One of these values. */
  oneOf(values: readonly unknown[]): OptionRule
  /** A list, also an empty one. */
  list(member: OptionRule): OptionRule
  /** A list with at least one member. */
  filledList(member: OptionRule): OptionRule
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asObject<Given extends object>(factory: string, given: Given): Given {
  if (!isObject(given)) throw invalidOption(factory, 'options', 'must be an object')
  return given
}

function withoutUndefined<Options extends object>(factory: string, given: Options): Options {
  const members: Record<string, unknown> = { __proto__: null }
  for (const name of Object.keys(asObject(factory, given))) {
    const value = given[name as keyof Options]
    if (value !== undefined) members[name] = value
  }
  return members as Options
}

/**
 * Guards come here with each request.
 *
 * @param members Without a prototype: what another library left on `Object.prototype` is no option. None is undefined.
 */
function checkMembers<Options extends object>(factory: string, members: Options, rules: OptionRules<Options>): Options {
  const known: Readonly<Record<string, OptionRule>> = rules
  for (const name of Object.keys(members)) {
    if (!Object.hasOwn(known, name)) {
      throw invalidOption(factory, name, `is not known. Known: ${Object.keys(known).join(', ')}`)
    }
  }
  const values = members as Readonly<Record<string, unknown>>
  for (const name of Object.keys(known)) {
    const { must, isRequired, holds } = known[name] as OptionRule
    const value = values[name]
    if (value === undefined ? isRequired : !holds(value)) throw invalidOption(factory, name, must)
  }
  return members
}
