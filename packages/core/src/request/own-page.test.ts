import { expect, it } from 'vitest'
import { isFromOwnPage } from './own-page.ts'

const own = { origin: 'https://app.example', trustedOrigins: new Set<string>() }

it.each([
  ['a form of our own page', 'POST', 'same-origin', true],
  ['a form that was sent by no page', 'POST', 'none', false],
  ['a form of another site', 'POST', 'cross-site', false],
  ['a link of our own page', 'GET', 'same-origin', true],
  ['an address that was typed', 'GET', 'none', false],
])('%s proves what it proves', (_what, method, site, expected) => {
  const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  expect(isFromOwnPage(new Request('https://app.example/auth/acme/login', { method, headers }), own)).toBe(expected)
})
