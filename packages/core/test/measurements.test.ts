import { describe, expect, it } from 'vitest'
import { createVendorHttp, createVendorReports } from '../src/http/vendor-http.ts'
import { type AuthEvent, createAuth, type EventListener } from '../src/index.ts'
import type { AuthProvider } from '../src/provider.ts'
import { acme } from './acme-provider.ts'
import { createApp, exampleSecret } from './app.ts'

const origin = 'https://app.example'

describe('each request to a route', () => {
  it('is an event that names the kind of route, the provider, the status and the duration', async () => {
    const { measurements, auth, clock, browser: open } = createApp()
    const browser = open()
    await browser.signIn()
    await browser.submit('/auth/acme/launch')
    await browser.fetch('/auth/session?canary=1')
    await browser.submit('/auth/logout')
    await browser.open('/auth/logout/next')
    await browser.submit('/auth/confirm')
    await browser.open('/auth/canary?canary=1')
    await auth.handle(new Request(`${origin}/auth/session`, { method: 'POST' }))
    const rest = { at: clock.now, type: 'route.answered', durationMilliseconds: expect.any(Number) as number }
    expect(measurements).toEqual([
      { ...rest, route: 'login', provider: 'acme', status: 303 },
      { ...rest, route: 'callback', provider: 'acme', status: 303 },
      { ...rest, route: 'launch', provider: 'acme', status: 200 },
      { ...rest, route: 'session', provider: undefined, status: 200 },
      { ...rest, route: 'logout', provider: undefined, status: 303 },
      { ...rest, route: 'logout_next', provider: undefined, status: 303 },
      { ...rest, route: 'confirm', provider: undefined, status: expect.any(Number) as number },
      { ...rest, route: 'unknown', provider: undefined, status: 404 },
      { ...rest, route: 'unknown', provider: undefined, status: 405 },
    ])
  })

  it('is one for each request also where the answer is shared', async () => {
    const { measurements, browser: open } = createApp()
    const browser = open()
    const state = await browser.begin()
    const path = `/auth/acme/callback?state=${state}`
    await Promise.all([browser.open(path), browser.open(path)])
    expect(measurements.map((event) => 'route' in event && event.route)).toEqual(['login', 'callback', 'callback'])
  })
})

/** A provider whose login asks its vendor. */
function asking(fetch: typeof globalThis.fetch, endpoint?: string): AuthProvider<'acme'> {
  return {
    name: 'acme',
    mount(host) {
      const reports = createVendorReports()
      reports.subscribe(host.observeVendor)
      const http = createVendorHttp({ fetch, reports })
      const ask = () => http.json('https://canary.example/canary?code=canary', { endpoint })
      return {
        accountIssuers: [],
        routes: [
          {
            method: 'GET',
            path: '/ask',
            accepts: 'any',
            handle: async () => ({ kind: 'json', body: { status: (await ask()).status } }),
          },
        ],
      }
    },
  }
}

async function askVia(fetch: typeof globalThis.fetch, onEvent: EventListener, endpoint = 'token'): Promise<Response> {
  const auth = createAuth({ baseUrl: origin, secret: exampleSecret(), providers: [asking(fetch, endpoint)], onEvent })
  return auth.handle(new Request(`${origin}/auth/acme/ask`))
}

describe('each request to a vendor', () => {
  const answering: typeof globalThis.fetch = async () => Response.json({ canary: 'canary' }, { status: 201 })

  async function eventsOf(fetch: typeof globalThis.fetch, endpoint?: string): Promise<readonly AuthEvent[]> {
    const events: AuthEvent[] = []
    await askVia(fetch, (event) => void events.push(event), endpoint)
    expect(JSON.stringify(events)).not.toContain('canary')
    return events.filter(({ type }) => type === 'vendor.request')
  }

  it('is an event with the name of the endpoint, the status and the duration', async () => {
    const events = await eventsOf(answering)
    expect(events).toEqual([
      {
        at: expect.any(Number) as number,
        type: 'vendor.request',
        provider: 'acme',
        endpoint: 'token',
        status: 201,
        durationMilliseconds: expect.any(Number) as number,
      },
    ])
  })

  it('says by code and in a word why there was no answer, or none of use', async () => {
    const refused = Object.assign(new TypeError('canary'), { code: 'ECONNREFUSED' })
    expect(await eventsOf(() => Promise.reject(refused))).toMatchObject([
      { code: 'core/vendor_unreachable', reason: 'refused', hint: expect.any(String) as string },
    ])
    expect(await eventsOf(async () => new Response('canary'))).toMatchObject([
      { code: 'core/vendor_response_invalid', status: 200 },
    ])
  })

  it.each(['https://canary.example/token?code=canary', 'canary.example', 'Canary', '/canary', ''])(
    'never takes a URL for a name: %s',
    async (endpoint) => {
      expect(await eventsOf(answering, endpoint)).toMatchObject([{ endpoint: 'other' }])
    },
  )

  it('is reported to every auth that mounted the client, and to none of those that did not', async () => {
    const heard: string[] = []
    const reports = createVendorReports()
    const http = createVendorHttp({ fetch: answering, reports })
    for (const name of ['one', 'two']) {
      createAuth({
        baseUrl: origin,
        secret: exampleSecret(),
        providers: [
          {
            ...acme('acme'),
            mount(host) {
              reports.subscribe(host.observeVendor)
              return acme('acme').mount(host)
            },
          },
        ],
        onEvent: ({ type }) => void heard.push(`${name} ${type}`),
      })
    }
    createApp({ onEvent: () => void heard.push('three') })
    await http.json('https://acme.example', { endpoint: 'token' })
    expect(heard.sort()).toEqual(['one vendor.request', 'two vendor.request'])
  })
})

describe('what a listener puts around a request', () => {
  /** A listener whose `around` does this. */
  function listenerWith(around: EventListener['around']): EventListener {
    return Object.assign(() => {}, { around })
  }

  it('begins before it and ends with its event, the vendor’s inside of the route’s', async () => {
    const heard: string[] = []
    const listener = listenerWith(async (type, work) => {
      heard.push(`begins ${type}`)
      const event = await work()
      heard.push(`ends ${event.type} ${'status' in event && event.status}`)
    })
    expect((await askVia(async () => Response.json({}, { status: 202 }), listener)).status).toBe(200)
    await new Promise((resolve) => void setImmediate(resolve))
    expect(heard).toEqual([
      'begins route.answered',
      'begins vendor.request',
      'ends vendor.request 202',
      'ends route.answered 200',
    ])
  })

  const cases: Record<string, EventListener['around']> = {
    'throws at once': () => {
      throw new Error('a tracer is broken')
    },
    rejects: () => Promise.reject(new Error('a tracer is broken')),
    hangs: () => new Promise(() => {}),
    'begins twice': async (_type, work) => Promise.all([work(), work()]),
    'begins and throws': (_type, work) => {
      void work()
      throw new Error('a tracer is broken')
    },
    'begins late': async (_type, work) => {
      await Promise.resolve()
      return work()
    },
  }
  it.each(Object.keys(cases))('breaks nothing, and does nothing twice, where it %s', async (how) => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    let calls = 0
    const fetch = async (): Promise<Response> => {
      calls += 1
      return Response.json({})
    }
    const broken = listenerWith(cases[how])
    const whole: string[] = []
    const sound = listenerWith(async (type, work) => void whole.push(`${type} ${(await work()).type}`))
    for (const onEvent of [[broken], [sound, broken, sound]]) {
      const auth = createAuth({
        baseUrl: origin,
        secret: exampleSecret(),
        providers: [asking(fetch, 'token')],
        onEvent,
      })
      const response = await auth.handle(new Request(`${origin}/auth/acme/ask`))
      expect(await response.json()).toEqual({ status: 200 })
    }
    await new Promise((resolve) => void setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(calls).toBe(2)
    expect(unhandled).toEqual([])
    expect(whole.filter((line) => line === 'route.answered route.answered').length).toBeGreaterThan(0)
  })
})
