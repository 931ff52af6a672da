import fc from 'fast-check'
import { expect, it } from 'vitest'
import { equalInConstantTime } from './index.ts'

it('says of any two texts what === says', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\ud800', '\udc00', '\u0161'), maxLength: 4 })
  fc.assert(fc.property(text, text, (one, other) => equalInConstantTime(one, other) === (one === other)))
  fc.assert(fc.property(text, (one) => equalInConstantTime(one, `${one}`)))
})

it('tells texts apart that differ in one place', () => {
  const value = 'an-example-value'
  for (let index = 0; index < value.length; index += 1) {
    expect(equalInConstantTime(value, `${value.slice(0, index)}!${value.slice(index + 1)}`)).toBe(false)
  }
  expect(equalInConstantTime(value, `${value}!`)).toBe(false)
  expect(equalInConstantTime(value, '')).toBe(false)
})
