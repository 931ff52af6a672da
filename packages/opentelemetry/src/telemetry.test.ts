import { AuthError, type AuthEvent, createMemoryStore, type EventContext, type Store } from '@latchkey/core'
import type { Attributes, MeterProvider } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { openTelemetry, type TelemetryOptions } from './telemetry.ts'

/** A meter that notes what is recorded. */
function listening(options: TelemetryOptions = {}) {
  const points: { readonly name: string; readonly attributes: Attributes }[] = []
  const instrument = (name: string) => {
    const note = (_value: number, attributes: Attributes = {}): void => void points.push({ name, attributes })
    return { add: note, record: note }
  }
  const meter = { createCounter: instrument, createHistogram: instrument }
  const meterProvider = { getMeter: () => meter } as unknown as MeterProvider
  const telemetry = openTelemetry({ meterProvider, ...options })
  const hear = (event: Partial<AuthEvent>): void =>
    telemetry.onEvent({ at: 0, ...event } as AuthEvent, {} as EventContext)
  return { points, telemetry, hear }
}

describe('metrics', () => {
  it('have few values of each attribute, whatever events say', () => {
    const { points, hear } = listening()
    for (let index = 0; index < 1000; index += 1) {
      hear({ type: 'session.ended', provider: `p${index}`, reason: `r${index}` })
      hear({ type: `provider.of_${index}`, provider: 'acme' })
      hear({ type: 'sign_in.refused', provider: 'acme', code: `acme/c${index}` })
      hear({ type: 'session.ended', provider: 'acme', reason: `A text with ada@acme.example ${index}` })
    }
    for (const name of ['latchkey.provider', 'latchkey.reason', 'latchkey.event', 'latchkey.code']) {
      expect(new Set(points.map(({ attributes }) => attributes[name])).size).toBeLessThan(105)
    }
    expect(JSON.stringify(points)).not.toContain('ada')
  })

  it('hold no user and no tenant', () => {
    const { points, hear } = listening()
    const user = { provider: 'acme', issuer: 'https://canary.example', tenant: 'canary', subject: 'canary' }
    hear({ type: 'sign_in.succeeded', provider: 'acme', user })
    hear({ type: 'session.refreshed', provider: 'acme', user })
    hear({ type: 'session.large', bytes: 1, maxBytes: 1, user })
    hear({ type: 'provider.custom', provider: 'acme', endpoint: 'https://canary.example/', anything: 'canary' })
    expect(points).toHaveLength(4)
    expect(JSON.stringify(points)).not.toContain('canary')
  })

  it('know our codes, those of any provider that core makes, and up to 20 of the app', () => {
    const { points, hear } = listening({ appCodes: ['app/blocked', 'invo/trial_over'] })
    const codes = [
      'auth/session_required',
      'oidc/key_not_found',
      'acme/invalid_state',
      'invo/trial_over',
      'app/ada',
    ] as const
    for (const code of codes) hear({ type: 'sign_in.refused', provider: 'acme', code })
    hear({ type: 'sign_in.refused', provider: 'acme', code: 'beta/invalid_state' })
    const refusals = points.filter(({ name }) => name === 'latchkey.refusals')
    expect(refusals.map(({ attributes }) => attributes['latchkey.code'])).toEqual([
      ...codes.slice(0, 4),
      'app/other',
      'app/other',
    ])
  })

  it('count refreshes that fail, and seconds in which the store does', () => {
    const { points, hear } = listening()
    hear({ type: 'provider.refresh_failed', provider: 'acme', code: 'core/vendor_timeout', reason: 'timeout' })
    hear({ type: 'store.failed', operation: 'get', reason: 'late', durationMilliseconds: 500 })
    expect(points).toEqual([
      {
        name: 'latchkey.refreshes',
        attributes: {
          'latchkey.provider': 'acme',
          'latchkey.code': 'core/vendor_timeout',
          'latchkey.reason': 'timeout',
          'latchkey.outcome': 'failed',
        },
      },
      { name: 'latchkey.store.failures', attributes: { 'latchkey.reason': 'late', 'latchkey.operation': 'get' } },
    ])
  })
})

describe('a measured store', () => {
  it('does what the store does, and records each call and why it failed', async () => {
    const { points, telemetry } = listening()
    const store = telemetry.measureStore(createMemoryStore())
    expect(await store.add('key', 'value', 10)).toBe(true)
    expect(await store.get('key')).toBe('value')
    const cause = { reason: 'read_only' }
    const failing: Store = telemetry.measureStore({
      ...createMemoryStore(),
      get: () => Promise.reject(new Error('canary')),
      set: () => Promise.reject(new AuthError('store/failed', { status: 503, hint: '', cause })),
    })
    await expect(failing.get('key')).rejects.toThrow('canary')
    await expect(failing.set('key', 'value', 10)).rejects.toMatchObject({ code: 'store/failed' })
    const succeeded = { 'latchkey.outcome': 'succeeded' }
    const failed = { 'latchkey.outcome': 'failed' }
    expect(points.map(({ attributes }) => attributes)).toEqual([
      { ...succeeded, 'latchkey.operation': 'add' },
      { ...succeeded, 'latchkey.operation': 'get' },
      { ...failed, 'latchkey.operation': 'get', 'latchkey.reason': 'failed' },
      { ...failed, 'latchkey.operation': 'set', 'latchkey.reason': 'read_only' },
    ])
  })

  it('keeps what else the store can do, and lacks what it cannot', async () => {
    class OwnStore implements Store {
      readonly #inner = createMemoryStore()
      readonly get: Store['get'] = (key) => this.#inner.get(key)
      readonly set: Store['set'] = (key, value, lifetime) => this.#inner.set(key, value, lifetime)
      readonly add: Store['add'] = (key, value, lifetime) => this.#inner.add(key, value, lifetime)
      readonly replace: Store['replace'] = (key, expected, value, lifetime) =>
        this.#inner.replace(key, expected, value, lifetime)
      readonly remove: Store['remove'] = (key, expected) => this.#inner.remove(key, expected)
      async health() {
        return { ok: (await this.#inner.get('key')) === null }
      }
    }
    const store = listening().telemetry.measureStore(new OwnStore())
    expect(await store.health()).toEqual({ ok: true })
    expect('getMany' in store || (store as Store).getMany !== undefined).toBe(false)
  })
})

it('refuses options that would hold more than a metric has room for, or a key that protects nothing', () => {
  const refused = expect.objectContaining({ code: 'core/invalid_option' }) as Error
  const appCodes = Array.from({ length: 21 }, (_, index) => `app/c${index}`)
  expect(() => openTelemetry({ appCodes })).toThrow(refused)
  expect(() => openTelemetry({ appCodes: ['ada'] })).toThrow(refused)
  expect(() => openTelemetry({ userHashKey: 'short' })).toThrow(refused)
})
