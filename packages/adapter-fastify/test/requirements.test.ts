import type { AuthOptions } from '@latchkey/core'
import { createExampleAuth } from '@latchkey/testkit'
import { describe, expect, it } from 'vitest'
import { type GuardHook, requireBearer, requireSession, requireSessionOrBearer } from '../src/index.ts'
import { canary, listen } from './listening-app.ts'

describe('a guard', () => {
  it('refuses a requirement that says nothing where the guard is made', () => {
    const refused = (option: string) =>
      expect.objectContaining({ code: 'core/invalid_option', cause: expect.objectContaining({ option }) })
    // @ts-expect-error a misspelt requirement does not compile
    expect(() => requireSession({ maxAgeSecond: 300 })).toThrow(refused('maxAgeSecond'))
    // @ts-expect-error a member that is undefined would let everyone pass
    expect(() => requireSession({ tenant: undefined })).toThrow(refused('tenant'))
    for (const member of ['provider', 'maxAuthAgeSeconds', 'authTimeSources', 'tenant', 'where', 'crossOrigin']) {
      expect(() => requireSession({ [member]: undefined })).toThrow(refused(member))
      const either = { session: { [member]: undefined }, bearer: {} }
      expect(() => requireSessionOrBearer(either)).toThrow(refused(member))
    }
    for (const member of ['provider', 'kind', 'scopes', 'tenant', 'where']) {
      expect(() => requireBearer({ [member]: undefined })).toThrow(refused(member))
      const either = { session: {}, bearer: { [member]: undefined } }
      expect(() => requireSessionOrBearer(either)).toThrow(refused(member))
    }
    // @ts-expect-error only one of the two
    expect(() => requireSessionOrBearer({ session: {} })).toThrow(refused('bearer'))
    // @ts-expect-error an unknown option
    expect(() => requireSession({}, { readonly: true })).toThrow(refused('readonly'))
  })

  it('answers the requirement of a provider that is not installed with an error, not with the page', async () => {
    const app = await listen(createExampleAuth(), (instance) => {
      // @ts-expect-error a provider that is not installed does not compile
      instance.get('/foreign', { preHandler: requireSession({ provider: 'foreign' }) }, async () => 'open')
    })
    const response = await app.send('/foreign', { headers: { cookie: await app.signIn() } })
    expect(await response.json()).toMatchObject({ status: 500, code: 'core/invalid_option' })
  })

  it('is refused at the start where it leaves open which of two providers of one issuer judges a token', async () => {
    const bearer = { issuers: ['https://one.example'], verify: () => Promise.reject(new Error('not asked')) }
    const mount = () => ({ accountIssuers: ['https://one.example'], routes: [], bearer })
    const providers = ['example', 'web'].map((name) => ({ name, mount })) as unknown as AuthOptions['providers']
    const startWith = (preHandler: GuardHook | readonly GuardHook[]) =>
      listen(createExampleAuth({ providers }), (instance) => {
        instance.get('/api', { preHandler: preHandler as GuardHook }, async () => 'open')
      })
    const refused = expect.objectContaining({
      code: 'core/invalid_option',
      cause: expect.objectContaining({ option: 'provider' }),
    })
    await expect(startWith(requireBearer())).rejects.toEqual(refused)
    await expect(startWith([requireSession(), requireBearer({ scopes: ['x'] })])).rejects.toEqual(refused)
    await expect(startWith(requireSessionOrBearer({ session: {}, bearer: {} }))).rejects.toEqual(refused)
    const app = await startWith(requireBearer({ provider: 'example' }))
    expect((await app.send('/api')).status).toBe(401)
  })

  it('lets nobody pass by a `where` that is not true itself', async () => {
    const answers: unknown[] = [1, 'x', {}, Promise.resolve(true), Promise.resolve(false)]
    const app = await listen(createExampleAuth(), (instance) => {
      answers.forEach((answer, index) =>
        instance.get(
          `/${index}`,
          { preHandler: requireSession({ where: () => answer as boolean }) },
          async () => 'open',
        ),
      )
      const throwing = () => {
        throw new Error(canary)
      }
      instance.get('/throwing', { preHandler: requireSession({ where: throwing }) }, async () => 'open')
      instance.get(
        '/true',
        { preHandler: requireSession({ where: ({ user }) => user.subject === 'ada' }) },
        async () => 'open',
      )
    })
    const headers = { cookie: await app.signIn() }
    for (const index of answers.keys()) {
      const response = await app.send(`/${index}`, { headers })
      expect(await response.json()).toMatchObject({ status: 403, code: 'auth/forbidden' })
    }
    expect((await app.send('/throwing', { headers })).status).toBe(500)
    expect(await (await app.send('/true', { headers })).text()).toBe('open')
  })
})
