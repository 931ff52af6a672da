import { expect, it } from 'vitest'
import * as node from './node.ts'
import * as web from './web.ts'

const both = [
  ['node', node],
  ['web', web],
] as const

it.each(both)('draws that many bytes, as base64url, by %s', (_name, { randomToken }) => {
  expect(randomToken(32)).toMatch(/^[\w-]{43}$/)
  expect(randomToken(9)).toMatch(/^[\w-]{12}$/)
  expect(randomToken(6000)).toMatch(/^[\w-]{8000}$/)
})

it.each(both)('never draws the same value twice, by %s', (_name, { randomToken }) => {
  expect(new Set(Array.from({ length: 10_000 }, () => randomToken(16))).size).toBe(10_000)
})

it('draws no value that a seal has begun with', async () => {
  const key = await node.deriveSealKey('an-example-secret-of-32-bytes-in-base64url_', 'test')
  const drawn: string[] = []
  for (let round = 0; round < 2000; round += 1) {
    const [, , iv = ''] = (await node.seal(key, 'text')).split('.')
    drawn.push(node.randomToken(12), iv)
  }
  expect(new Set(drawn).size).toBe(4000)
})
