import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { createRequestState } from './request-state.ts'

it('keeps one thing with each request, for whoever has made the place', () => {
  const [one, other] = [createRequestState<string>('example'), createRequestState<string>('example')]
  const [request, another] = [{}, {}]
  expect(one.get(request)).toBeUndefined()
  one.set(request, 'first')
  one.set(request, 'second')
  other.set(another, 'third')
  expect([one.get(request), one.get(another), other.get(request), other.get(another)]).toEqual([
    'second',
    undefined,
    undefined,
    'third',
  ])
})

it('shows it in no listing, copy or log of the request', () => {
  const state = createRequestState<{ readonly session: string }>('example')
  const request = { method: 'GET' }
  state.set(request, { session: 'canary' })
  expect(state.get({ ...request })).toBeUndefined()
  expect(Object.getOwnPropertyDescriptor(request, Object.getOwnPropertySymbols(request)[0] ?? '')?.enumerable).toBe(
    false,
  )
  for (const shown of [inspect(request, { depth: 9 }), JSON.stringify(request)]) expect(shown).not.toContain('canary')
})
