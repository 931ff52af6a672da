import type { RouteContext } from '@latchkey/core/provider'
import { describe, expect, it } from 'vitest'
import { type AllowLogin, requirePermission } from '../src/routes/permission.ts'

// All that is read of it.
const context = { session: null, frameworkRequest: undefined } as RouteContext

const answers: Readonly<Record<string, unknown>> = {
  false: false,
  nothing: undefined,
  null: null,
  1: 1,
  'a text': 'true',
  'an object': { allowed: true },
  'a promise of a text': Promise.resolve('true'),
  'a promise of false': Promise.resolve(false),
}

describe('allowLogin', () => {
  it.each(Object.keys(answers))('allows nothing by %s', async (what) => {
    const allowLogin = (() => answers[what]) as AllowLogin
    await expect(requirePermission(allowLogin, 'server', context)).rejects.toMatchObject({
      code: 'wink/too_many_logins',
      status: 429,
    })
  })

  it.each([() => true, async () => true])('allows by true', async (allowLogin) => {
    await requirePermission(allowLogin, 'browser', context)
  })

  it('allows nothing where it throws', async () => {
    const allowLogin = (): boolean => {
      throw new Error('a limiter that is down')
    }
    await expect(requirePermission(allowLogin, 'server', context)).rejects.toThrow('a limiter that is down')
  })
})
