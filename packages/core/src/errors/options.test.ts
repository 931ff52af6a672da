import { inspect } from 'node:util'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { checkOptions, checkRequirement, invalidOption, type OptionRules, option, required, rule } from './options.ts'

interface Options {
  readonly name: string
  readonly count?: number | undefined
}

const rules: OptionRules<Options> = { name: required(option.text), count: option.wholeNumber(1, 9) }

const check = (given: unknown): Options => checkOptions('createAcme', given as Options, rules)

/** The hint of what was thrown. */
function hintOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    expect(error).toMatchObject({ code: 'core/invalid_option', status: 500, cause: { factory: 'createAcme' } })
    expect(inspect(error, { depth: 9, showHidden: true }).replaceAll(/^ +at .*$/gm, '')).not.toContain('canary')
    return (error as { hint: string }).hint
  }
  return 'not refused'
}

describe('options of a factory', () => {
  it('are what was given, without what is undefined', () => {
    expect(check({ name: 'n', count: 3 })).toEqual({ name: 'n', count: 3 })
    const checked = check({ name: 'n', count: undefined })
    expect(Object.keys(checked)).toEqual(['name'])
    const { count = 5 } = checked
    expect(count).toBe(5)
  })

  it.each([
    [{}, 'createAcme: `name` must be a text that is not empty.'],
    [{ name: undefined }, 'createAcme: `name` must be a text that is not empty.'],
    [{ name: null }, 'createAcme: `name` must be a text that is not empty.'],
    [{ name: ' ' }, 'createAcme: `name` must be a text that is not empty.'],
    [{ name: 'n', count: null }, 'createAcme: `count` must be a whole number from 1 to 9.'],
    [{ name: 'n', count: '3' }, 'createAcme: `count` must be a whole number from 1 to 9.'],
    [{ name: 'n', cuont: 'canary' }, 'createAcme: `cuont` is not known. Known: name, count.'],
    [{ name: 'n', toString: 'canary' }, 'createAcme: `toString` is not known. Known: name, count.'],
    [JSON.parse('{"name":"n","__proto__":"canary"}'), 'createAcme: `__proto__` is not known. Known: name, count.'],
    [null, 'createAcme: `options` must be an object.'],
    [undefined, 'createAcme: `options` must be an object.'],
    ['canary', 'createAcme: `options` must be an object.'],
    [['canary'], 'createAcme: `options` must be an object.'],
  ])('are refused by name, and never shown: %j', (given, hint) => {
    expect(hintOf(() => check(given))).toBe(hint)
  })

  it('leave a misspelt option alone where it is undefined', () => {
    expect(check({ name: 'n', cuont: undefined })).toEqual({ name: 'n' })
  })

  it('are their own: nothing comes from a polluted prototype', () => {
    const prototype = Object.prototype as unknown as Record<string, unknown>
    try {
      prototype.count = 7
      prototype.evil = 'canary'
      expect(check({ name: 'n' }).count).toBeUndefined()
      delete prototype.count
      prototype.name = 'canary'
      expect(hintOf(() => check({}))).toContain('`name`')
    } finally {
      for (const name of ['count', 'evil', 'name']) delete prototype[name]
    }
  })

  it('are not changed, and may be frozen', () => {
    const given = Object.freeze({ name: 'n', count: undefined })
    expect(check(given)).not.toBe(given)
    expect(given).toEqual({ name: 'n', count: undefined })
  })

  it('need a rule for each member, as the compiler sees it', () => {
    expectTypeOf<{ name: typeof option.text }>().not.toExtend<OptionRules<Options>>()
    expectTypeOf<OptionRules<Options>>().toEqualTypeOf<{
      readonly name: typeof option.text
      readonly count: typeof option.text
    }>()
  })
})

describe('a requirement', () => {
  const requirementRules: OptionRules<{ readonly tenant?: string }> = { tenant: option.text }
  const checkIt = (given: object): unknown => checkRequirement('createAcme', given, requirementRules)

  it('is what was given', () => {
    expect(checkIt({})).toEqual({})
    expect(checkIt({ tenant: 't' })).toEqual({ tenant: 't' })
  })

  it('is refused with a member that is undefined, known or not', () => {
    const end = 'must not be undefined: it would let everyone pass.'
    expect(hintOf(() => checkIt({ tenant: undefined }))).toBe(`createAcme: \`tenant\` ${end}`)
    expect(hintOf(() => checkIt({ tennant: undefined }))).toBe(`createAcme: \`tennant\` ${end}`)
    expect(hintOf(() => checkIt({ tennant: 't' }))).toContain('is not known')
  })
})

describe('a rule', () => {
  const cases: Readonly<Record<string, readonly [typeof option.text, readonly unknown[], readonly unknown[]]>> = {
    text: [option.text, ['a', ' a '], ['', ' ', '\n', 5, null, ['a'], Object('a')]],
    boolean: [option.boolean, [true, false], [0, 1, 'true', null]],
    function: [option.function, [() => {}, class {}], [{}, null, 'f']],
    object: [option.object, [{}, Object.create(null), new Map()], [null, [], 'o', () => {}]],
    webUrl: [
      option.webUrl,
      ['https://a.example', 'https://a.example/x?y', 'http://localhost:3000', 'http://127.0.0.1'],
      ['http://a.example', 'https://u:p@a.example', 'https://a.example/#x', 'a.example', '/x', 'javascript:1', 5, null],
    ],
    anything: [option.anything, [null, 0, {}], []],
    wholeNumber: [option.wholeNumber(0, 10), [0, 10], [-1, 11, 1.5, '1', Number.NaN, Number.POSITIVE_INFINITY, null]],
    oneOf: [option.oneOf(['a', 1]), ['a', 1], ['A', '1', undefined, ['a']]],
    list: [option.list(option.text), [[], ['a']], ['a', [1], ['a', ''], null, { 0: 'a', length: 1 }]],
    filledList: [option.filledList(option.text), [['a']], [[], 'a', [1], null]],
    'of one’s own': [rule('must be even', (value) => Number(value) % 2 === 0), [2], [1]],
  }
  it.each(Object.keys(cases))('%s holds what it says, and nothing else', (name) => {
    const [{ holds, must, isRequired }, good, bad] = cases[name] ?? expect.unreachable()
    for (const value of good) expect([value, holds(value)]).toEqual([value, true])
    for (const value of bad) expect([value, holds(value)]).toEqual([value, false])
    expect(must).toMatch(/^must be /)
    expect(isRequired).toBe(false)
  })

  it('names the values that it takes', () => {
    expect(option.oneOf(['a', 1]).must).toBe("must be one of 'a', 1")
    expect(option.list(option.boolean).must).toBe('must be a list; each member must be true or false')
  })

  it('may be required, and stays as it was itself', () => {
    expect([required(option.text).isRequired, option.text.isRequired]).toEqual([true, false])
  })
})

it('makes an error of one’s own that names the option and not its value', () => {
  const refuse = (): never => {
    throw invalidOption('createAcme', 'url', 'must be an https URL')
  }
  expect(hintOf(refuse)).toBe('createAcme: `url` must be an https URL.')
})
