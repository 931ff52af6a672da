import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createExampleAuth, type ExampleAuth } from './example-auth.ts'

const next = vi.hoisted(() => ({ headers: new Headers() }))

vi.mock('#next', async (original) => ({
  ...(await original<object>()),
  sentHeaders: async () => next.headers,
  cookieStore: async () => ({ getAll: () => [], set: () => {}, delete: () => {} }),
  redirectTo(location: string) {
    throw new Error(`redirected to ${location}`)
  },
}))

let example: ExampleAuth

beforeEach(async () => {
  example = createExampleAuth({ pages: { signIn: '/sign-in' } })
  next.headers = new Headers({ host: 'app.example', cookie: await example.signIn() })
})

describe('the requirement of a page', () => {
  it('is met by a session that is all that it says', async () => {
    expect((await example.requireSession({ provider: 'acme', where: () => true })).user.provider).toBe('acme')
  })

  it('sends a user whose proof is too old to make a new one', async () => {
    example.pass(120)
    await expect(example.requireSession({ maxAuthAgeSeconds: 60 })).rejects.toThrow(/redirected to .*step_up_required/)
  })

  it.each([
    ['a tenant', { tenant: 't-other' }, 'auth/tenant_required'],
    ['what the app asks', { where: () => false }, 'auth/forbidden'],
  ] as const)('lets nobody pass without %s', async (_what, requirement, code) => {
    await expect(example.requireSession(requirement)).rejects.toMatchObject({ code })
  })
})
