import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSessionStore, type SessionStore } from '../src/session-store.ts'
import { type FakePage, signedIn, signedOut, stubPage } from './fake-page.ts'

const now = 1_800_000_000

let page: FakePage
let stop: () => void

beforeEach(() => {
  vi.useFakeTimers({ now: now * 1000 })
  page = stubPage()
})
afterEach(() => {
  stop?.()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A store that is in use, with each state that it has shown. */
async function startStore(options: Partial<Parameters<typeof createSessionStore>[0]> = {}) {
  const store = createSessionStore({ basePath: '/auth', initialSession: undefined, ...options })
  const shown: string[] = []
  store.subscribe(() => void shown.push(describeState(store)))
  stop = store.start()
  await settled()
  return { store, shown }
}

/** Lets what has been answered by now be shown. */
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

function describeState(store: SessionStore): string {
  const { status, session } = store.getState()
  return session?.signedIn === true ? `${status} ${session.user.subject}` : status
}

describe('the state', () => {
  it('is what the back end says', async () => {
    page.answer = signedIn('ada', now + 3600)
    const { store, shown } = await startStore()
    expect(shown).toEqual(['signed-in ada'])
    expect(store.getInitialState()).toEqual({ status: 'loading', session: null })
    page.answer = signedOut
    await store.refetch()
    expect(shown).toEqual(['signed-in ada', 'signed-out'])
  })

  it('begins with what the server has rendered, and is asked for all the same', async () => {
    page.answer = signedIn('ada', now + 3600)
    const { store, shown } = await startStore({ initialSession: page.answer as never })
    expect([store.getInitialState().status, shown, page.asked.length]).toEqual(['signed-in', [], 1])
  })

  it('stays the same object while nothing changes', async () => {
    page.answer = signedIn('ada', now + 3600)
    const { store, shown } = await startStore()
    const before = store.getState()
    await store.refetch()
    expect(store.getState()).toBe(before)
    page.answer = 503
    await store.refetch()
    const failed = store.getState()
    await store.refetch()
    expect(store.getState()).toBe(failed)
    expect(shown).toEqual(['signed-in ada', 'error ada'])
  })

  it.each([
    ['a status', 503],
    ['a redirect, or no network', new TypeError('Failed to fetch')],
    ['no object', ['signedIn']],
    ['another object', { status: 'ok' }],
    ['a session without an end', { signedIn: true, user: { provider: 'acme', subject: 'ada' }, identities: {} }],
    ['a session without a user', { signedIn: true, expiresAt: now, identities: {} }],
    ['a session of nobody', { signedIn: true, expiresAt: now, user: { provider: 'acme' }, identities: {} }],
    ['neither', { signedIn: 'no', identities: {} }],
    ['nothing of it', { signedIn: null, identities: {} }],
  ])('is an error for %s, never signed out, and keeps the last known session', async (_, answer) => {
    page.answer = answer
    const { store, shown } = await startStore()
    expect([store.getState().session, shown]).toEqual([null, ['error']])
    page.answer = signedIn('ada', now + 3600)
    await store.refetch()
    page.answer = answer
    await store.refetch()
    expect(shown).toEqual(['error', 'signed-in ada', 'error ada'])
    page.answer = signedOut
    await store.refetch()
    page.answer = answer
    await store.refetch()
    expect(store.getState()).toMatchObject({ status: 'error', session: { signedIn: false } })
  })

  it('is an error where the back end does not answer in time, until it answers again', async () => {
    const release = page.hold()
    const { shown } = await startStore()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(shown).toEqual(['error'])
    release()
    await vi.advanceTimersByTimeAsync(30_000)
    expect(shown).toEqual(['error', 'signed-out'])
  })
})

describe('the back end is asked', () => {
  it('with the cookies of its own origin, past every cache, and without following redirects', async () => {
    await startStore()
    expect(page.asked[0]).toMatchObject({
      url: '/auth/session',
      init: { credentials: 'same-origin', cache: 'no-store', redirect: 'error' },
    })
    stop()
    await startStore({ basePath: 'https://api.app.example/auth' })
    expect(page.asked[1]).toMatchObject({
      url: 'https://api.app.example/auth/session',
      init: { credentials: 'include' },
    })
  })

  it.each(['focus', 'online', 'visibilitychange'] as const)('at %s', async (type) => {
    await startStore()
    page.dispatch(type)
    await settled()
    expect(page.asked).toHaveLength(2)
  })

  it('when the page comes back from the cache of the browser, and not when it is loaded', async () => {
    await startStore()
    page.dispatch('pageshow', { persisted: false })
    await settled()
    expect(page.asked).toHaveLength(1)
    page.dispatch('pageshow', { persisted: true })
    await settled()
    expect(page.asked).toHaveLength(2)
  })

  it('once more behind an answer that is on its way, however often it is wanted', async () => {
    const release = page.hold()
    const { store, shown } = await startStore()
    const answers = Array.from({ length: 100 }, () => store.refetch())
    for (let message = 0; message < 100; message++) page.hear('changed')
    page.answer = signedIn('ada', now + 3600)
    release()
    await Promise.all(answers)
    expect(page.asked).toHaveLength(2)
    expect(shown).toEqual(['signed-out', 'signed-in ada'])
  })

  it('shortly before the end and right after it, by the clock of the server, and then no more', async () => {
    page.serverNow = () => Date.now() - 7_200_000
    page.answer = signedIn('ada', now - 7200 + 3600)
    const { shown } = await startStore()
    await vi.advanceTimersByTimeAsync(3_569_000)
    expect(page.asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(page.asked).toHaveLength(2)
    page.answer = signedOut
    await vi.advanceTimersByTimeAsync(31_000)
    expect([page.asked.length, shown]).toEqual([3, ['signed-in ada', 'signed-out']])
    await vi.advanceTimersByTimeAsync(86_400_000)
    expect(page.asked).toHaveLength(3)
  })

  it('at a pace, where a session does not end that should have', async () => {
    page.answer = signedIn('ada', now - 1)
    await startStore()
    await vi.advanceTimersByTimeAsync(300_000)
    expect(page.asked).toHaveLength(11)
  })

  it('no more after the page has stopped', async () => {
    const release = page.hold()
    const { store, shown } = await startStore()
    const answer = store.refetch()
    stop()
    expect(page.asked[0]?.init.signal?.aborted).toBe(true)
    release()
    await answer
    await store.refetch()
    page.dispatch('focus')
    page.hear('changed')
    await vi.advanceTimersByTimeAsync(86_400_000)
    expect([page.asked.length, shown]).toEqual([1, []])
  })

  it('again by a page that starts again, as StrictMode does', async () => {
    const { store, shown } = await startStore()
    stop()
    page.answer = signedIn('ada', now + 3600)
    stop = store.start()
    await settled()
    expect(shown).toEqual(['signed-out', 'signed-in ada'])
  })
})

describe('other tabs', () => {
  it('are told that something has changed, and nothing else', async () => {
    page.answer = signedIn('ada', now + 3600)
    const { store } = await startStore()
    expect(page.told).toEqual(['changed'])
    await store.refetch()
    expect(page.told).toEqual(['changed'])
    page.answer = signedIn('bob', now + 3600)
    await store.refetch()
    expect(page.told).toEqual(['changed', 'changed'])
    await store.changed()
    expect(page.told).toHaveLength(3)
  })

  it('are told of a sign-in by the page that it leads to', async () => {
    await startStore()
    stop()
    page.answer = signedIn('ada', now + 3600)
    await startStore()
    expect(page.told).toEqual(['changed', 'changed'])
  })

  it('have this one ask the back end, whose answer it passes on to nobody', async () => {
    const { shown } = await startStore()
    page.answer = signedIn('ada', now + 3600)
    page.hear('changed')
    await settled()
    expect([shown, page.told]).toEqual([['signed-out', 'signed-in ada'], ['changed']])
  })

  it.each([signedOut, signedIn('eve', now + 3600), 'signed-out', { status: 'signed-out' }, null])(
    'change nothing by what they say: %j',
    async (message) => {
      page.answer = signedIn('ada', now + 3600)
      const { store, shown } = await startStore()
      page.hear(message)
      await settled()
      expect([describeState(store), shown, page.asked.length]).toEqual(['signed-in ada', ['signed-in ada'], 2])
    },
  )

  it('are not needed, nor is anything that the page keeps', async () => {
    vi.stubGlobal('BroadcastChannel', undefined)
    vi.stubGlobal('sessionStorage', undefined)
    page.answer = signedIn('ada', now + 3600)
    const { store, shown } = await startStore()
    await store.changed()
    expect(shown).toEqual(['signed-in ada'])
  })
})

it.each([
  'auth',
  '//evil.example/auth',
  '//evil/auth',
  '/auth/',
  'javascript:alert(1)',
  'https://evil@app.example/auth',
  '/a?b',
  '',
])('refuses the base path %s', (basePath) => {
  expect(() => createSessionStore({ basePath, initialSession: undefined })).toThrow(TypeError)
})
