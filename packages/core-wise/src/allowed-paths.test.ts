import { expect, it } from 'vitest'
import { isAllowedPath, isPathPattern } from './allowed-paths.ts'

const patterns = ['/student/classes', '/student/classes/:id/resources', '/joinPublic/:slug']

it.each([
  '/student/classes',
  '/student/classes/1234/resources',
  '/student/classes/a.b_c~d-e/resources',
  '/joinPublic/maths',
])('allows %s', (path) => {
  expect(isAllowedPath(path, patterns)).toBe(true)
})

it.each([
  '',
  '/',
  '/student',
  '/student/classes/',
  '/student/classes?x=1',
  '/student/classes#x',
  '/Student/classes',
  '/student/classes/1234',
  '/student/classes//resources',
  '/student/classes/../resources',
  '/student/classes/./resources',
  '/student/classes/%2e%2e/resources',
  '/student/classes/a%2Fb/resources',
  '/student/classes/a/b/resources',
  '/student/classes/a\\b/resources',
  '/student/classes/a?b/resources',
  '/student/classes/a;b/resources',
  '/student/classes/a\nb/resources',
  '/student/classes/1234\n/resources',
  '/student/classes/é/resources',
  '/student/classes/1234/resources/x',
  'https://evil.example/joinPublic/maths',
  '/joinPublic/:slug?',
])('does not allow %j', (path) => {
  expect(isAllowedPath(path, patterns)).toBe(false)
})

it('allows nothing by an empty list', () => {
  expect(isAllowedPath('/student/classes', [])).toBe(false)
})

it('takes no pattern for a wildcard but `:id`', () => {
  expect(isAllowedPath('/student/x', ['/student/*'])).toBe(false)
  expect(isAllowedPath('/student/x.json', ['/student/:id.json'])).toBe(false)
})

it.each(['/', '/student/classes', '/:role/classes', '/student/classes/:id/resources'])(
  'takes %s as an entry',
  (pattern) => {
    expect(isPathPattern(pattern)).toBe(true)
  },
)

it.each(['', 'student', '//evil.example', 'https://evil.example/', '/a/../:id', '/a\\:id'])(
  'does not take %j as an entry',
  (pattern) => {
    expect(isPathPattern(pattern)).toBe(false)
  },
)
