import { expect, it } from 'vitest'
import { derSignature } from './ecdsa-signature.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

it.each([
  [
    'numbers as they are',
    `01${'11'.repeat(31)}7f${'22'.repeat(31)}`,
    `3044 0220 01${'11'.repeat(31)} 0220 7f${'22'.repeat(31)}`,
  ],
  [
    'a zero before what would be negative',
    `80${'11'.repeat(31)}ff${'22'.repeat(31)}`,
    `3046 0221 0080${'11'.repeat(31)} 0221 00ff${'22'.repeat(31)}`,
  ],
  [
    'no zeros before',
    `0000${'11'.repeat(30)}00${'22'.repeat(31)}`,
    `3041 021e ${'11'.repeat(30)} 021f ${'22'.repeat(31)}`,
  ],
  [
    'the zero that is needed',
    `0080${'11'.repeat(30)}0000ff${'22'.repeat(29)}`,
    `3043 0220 0080${'11'.repeat(30)} 021f 00ff${'22'.repeat(29)}`,
  ],
  ['zero as one byte', '00'.repeat(64), '3006 020100 020100'],
  [
    'a length of 127 in one byte',
    `${'00'.repeat(5)}${'11'.repeat(61)}${'00'.repeat(4)}${'22'.repeat(62)}`,
    `307f 023d ${'11'.repeat(61)} 023e ${'22'.repeat(62)}`,
  ],
  [
    'a length of 128 in two',
    `${'00'.repeat(4)}${'11'.repeat(62)}${'00'.repeat(4)}${'22'.repeat(62)}`,
    `308180 023e ${'11'.repeat(62)} 023e ${'22'.repeat(62)}`,
  ],
  [
    'the longest of P-521, and longer',
    `${'ff'.repeat(66)}${'ff'.repeat(66)}`,
    `30818a 0243 00${'ff'.repeat(66)} 0243 00${'ff'.repeat(66)}`,
  ],
])('writes %s', (_name, signature, der) => {
  expect(Buffer.from(derSignature(hex(signature)))).toEqual(hex(der.replaceAll(' ', '')))
})
