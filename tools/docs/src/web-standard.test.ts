import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Auth } from '@latchkey/core'
import type { RequestScope } from '@latchkey/core/adapter'
import { createTestBrowser, createTestSession, type TestBrowser, type TestIdentities } from '@latchkey/testkit'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { readPrograms } from './ten-minutes/guide.ts'

type AnswerWith = (request: Request, handler: (scope: RequestScope) => Promise<Response>) => Promise<Response>
type Answer = (request: Request) => Promise<Response>

const page = readFileSync(join(import.meta.dirname, '../../../docs/guides/web-standard.md'), 'utf8')
let folder: string
let auth: Auth
let answerWith: AnswerWith
const answers = new Map<string, Answer>()

beforeAll(async () => {
  // Inside of this package, whose dependencies are those of the examples.
  folder = mkdtempSync(join(import.meta.dirname, '../examples-'))
  for (const program of readPrograms(page)) {
    const path = join(folder, /^\/\/ (\S+)/.exec(program)?.[1] ?? 'unnamed.ts')
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, program)
  }
  const load = async <Module>(file: string): Promise<Module> =>
    (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'src', file)).href)) as Module
  ;({ auth } = await load<{ auth: Auth }>('auth.ts'))
  ;({ answerWith } = await load<{ answerWith: AnswerWith }>('answer-with.ts'))
  answers.set('a plain handler', (await load<{ handle: Answer }>('handler.ts')).handle)
  const { app } = await load<{ app: { fetch(request: Request): Response | Promise<Response> } }>('hono.ts')
  answers.set('Hono', async (request) => app.fetch(request))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(['a plain handler', 'Hono'])('the guide for web-standard frameworks, by %s', (name) => {
  async function open(isSignedIn: boolean): Promise<TestBrowser> {
    const answer = async (request: Request) => answers.get(name)?.(request) ?? null
    const browser = createTestBrowser({ origin: 'https://app.example', answer })
    if (!isSignedIn) return browser
    const { cookie } = await createTestSession(auth, { google: { subject: 'ada' } } as TestIdentities)
    browser.cookies.keep(cookie.split('; ').map((pair) => `${pair}; Secure; Path=/`))
    return browser
  }

  it('refuses by a problem document that no cache keeps', async () => {
    const answer = await (await open(false)).fetch('/api/me')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'application/problem+json'])
    expect(answer.json()).toMatchObject({ code: 'auth/session_required' })
    expect([answer.headers.get('cache-control'), answer.headers.get('vary')]).toEqual([
      'private, no-store',
      expect.stringContaining('Cookie'),
    ])
  })

  it('lets a session in, and out', async () => {
    const browser = await open(true)
    const answer = await browser.fetch('/api/me')
    expect([answer.status, answer.json()]).toEqual([200, { subject: 'ada' }])
    expect([answer.headers.get('cache-control'), answer.headers.get('vary')]).toEqual([
      'private, no-store',
      expect.stringContaining('Cookie'),
    ])
    expect((await browser.submit('/auth/logout')).status).toBe(303)
    expect((await browser.fetch('/api/me')).status).toBe(401)
  })

  it('sets each cookie once where a session is prolonged, also beside a refusal and a cookie of the app', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const browser = await open(true)
    vi.setSystemTime(Date.now() + 1_900_000)
    const namesOf = (headers: Headers) => headers.getSetCookie().map((line) => line.split('=', 1)[0])
    expect(namesOf((await browser.fetch('/api/me')).headers)).toEqual(['__Host-latchkey'])
    vi.setSystemTime(Date.now() + 1_900_000)
    const request = browser.request('/api/me')
    const refused = await answerWith(request, async (scope) => {
      await scope.call((current) => auth.getSession(current))
      await scope.call((current) => auth.requireSession(current, { maxAuthAgeSeconds: 60 }))
      return new Response('never')
    })
    expect([refused.status, namesOf(refused.headers), refused.headers.get('vary')]).toEqual([
      403,
      ['__Host-latchkey'],
      'Cookie',
    ])
    const own = await answerWith(request, async (scope) => {
      await scope.call((current) => auth.getSession(current))
      return new Response('own', { headers: { 'set-cookie': 'theme=dark', 'cache-control': 'public' } })
    })
    expect([namesOf(own.headers), own.headers.get('cache-control')]).toEqual([
      ['theme', '__Host-latchkey'],
      'private, no-store',
    ])
  })

  it('refuses another site, and answers what is beside a callback', async () => {
    const browser = await open(true)
    expect((await browser.fetch('/api/me', { from: 'https://evil.example' })).status).toBe(403)
    const beside = await browser.fetch('/auth/google/callbac?code=a-code')
    expect([beside.status, beside.text.includes('a-code')]).toEqual([404, false])
  })
})
