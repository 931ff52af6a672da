import { describe, expect, it } from 'vitest'
import { ownMember, parseStrictJson } from './strict-json.ts'

const parse = (text: string) => parseStrictJson(new TextEncoder().encode(text))

describe('parseStrictJson', () => {
  it('reads an object', () => {
    expect(parse(' { "a" : [ { "b" : "c" } , 1.5e3 , null ] , "d" : { "b" : "😀 \\u00e9 \\" : {" } } ')).toEqual({
      a: [{ b: 'c' }, 1500, null],
      d: { b: '😀 é " : {' },
    })
  })

  it.each([
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"x"'],
    ['half an object', '{"a":1'],
    ['a byte order mark', '\ufeff{}'],
    ['a key twice', '{"aud":"a","aud":"b"}'],
    ['a key twice, escaped', '{"aud":"a","\\u0061ud":"b"}'],
    ['a key twice, before a spaced colon', '{"aud":"a","aud" \n:"b"}'],
    ['a key twice further down', '{"a":[{"b":1,"b":2}]}'],
    ['__proto__', '{"__proto__":{"sub":"ada"}}'],
    ['__proto__ escaped', '{"\\u005f_proto__":1}'],
    ['half of a surrogate pair', '{"sub":"\\ud83d"}'],
    ['33 levels', `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`],
    ['a million levels', '['.repeat(1_000_000)],
  ])('refuses %s', (_title, text) => {
    expect(parse(text)).toBeNull()
  })

  it('takes 32 levels and equal keys of different objects', () => {
    expect(parse(`${'{"a":'.repeat(32)}1${'}'.repeat(32)}`)).not.toBeNull()
    expect(parse('{"a":{"x":1},"b":{"x":1},"x":1}')).not.toBeNull()
  })

  it('refuses bytes that are not UTF-8', () => {
    expect(parseStrictJson(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d))).toBeNull()
  })
})

describe('ownMember', () => {
  it('reads nothing that is inherited', () => {
    expect(ownMember({}, 'toString')).toBeUndefined()
    expect(ownMember({ toString: 'x' }, 'toString')).toBe('x')
  })
})
