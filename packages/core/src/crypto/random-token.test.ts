import { expect, it } from 'vitest'
import { randomToken } from './index.ts'

it('draws that many bytes, as base64url', () => {
  expect(randomToken(32)).toMatch(/^[\w-]{43}$/)
  expect(randomToken(9)).toMatch(/^[\w-]{12}$/)
})

it('never draws the same value twice', () => {
  expect(new Set(Array.from({ length: 10_000 }, () => randomToken(16))).size).toBe(10_000)
})
