import { expect, it } from 'vitest'
import { spentTokens } from './refresh-memory.ts'
import { sessionHistory } from './session-history.ts'

it('remembers the last 50,000 ends, and not more: sessions that go on push out none', () => {
  for (let index = 0; index <= 50_000; index++) sessionHistory.end(`session-${index}`)
  for (let index = 0; index <= 50_000; index++) sessionHistory.advance(`session-refreshed-${index}`, 1)
  sessionHistory.advance('session-refreshed', 1)
  expect(sessionHistory.hasEnded('session-0')).toBe(false)
  expect(sessionHistory.hasEnded('session-1')).toBe(true)
  expect(sessionHistory.hasEnded('session-49999')).toBe(true)
  expect(sessionHistory.isOutdated({ id: 'session-refreshed', generation: 0 })).toBe(true)
  expect(sessionHistory.isOutdated({ id: 'session-refreshed', generation: 1 })).toBe(false)
})

it('never takes an end or a generation back', () => {
  sessionHistory.end('ended')
  sessionHistory.advance('ended', 9)
  expect(sessionHistory.hasEnded('ended')).toBe(true)
  sessionHistory.advance('newer', 3)
  sessionHistory.advance('newer', 2)
  expect(sessionHistory.isOutdated({ id: 'newer', generation: 2 })).toBe(true)
})

it('remembers 50,000 exchanged refresh tokens, and not more', () => {
  for (let index = 0; index <= 50_000; index++) spentTokens.add(`token-${index}`)
  expect([spentTokens.has('token-0'), spentTokens.has('token-1'), spentTokens.has('token-50000')]).toEqual([
    false,
    true,
    true,
  ])
})
