import { createExampleAuth } from '@latchkey/testkit'
import type { RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import { requireBearer, requireSession, requireSessionOrBearer } from '../src/index.ts'
import { canary, listen } from './listening-app.ts'

const open: RequestHandler = (_request, response) => void response.send('open')

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
      instance.get('/foreign', requireSession({ provider: 'foreign' }), open)
    })
    const response = await app.send('/foreign', { headers: { cookie: await app.signIn() } })
    expect(await response.json()).toMatchObject({ status: 500, code: 'core/invalid_option' })
  })

  it('lets nobody pass by a `where` that is not true itself', async () => {
    const answers: unknown[] = [1, 'x', {}, Promise.resolve(true), Promise.resolve(false)]
    const app = await listen(createExampleAuth(), (instance) => {
      answers.forEach((answer, index) =>
        instance.get(`/${index}`, requireSession({ where: () => answer as boolean }), open),
      )
      const throwing = () => {
        throw new Error(canary)
      }
      instance.get('/throwing', requireSession({ where: throwing }), open)
      instance.get('/true', requireSession({ where: ({ user }) => user.subject === 'ada' }), open)
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
