import { describe, expect, it } from 'vitest'
import { codeOf, createApp, exampleSecret } from './app.ts'

const secret = exampleSecret()
const callbackOrigin = 'https://login.example'
const app = createApp({ baseUrl: ['https://one.example', 'https://two.example'], callbackOrigin, secret })

/** A callback as the vendor sends it to a host. */
function callback(host: string, state: string): Promise<Response> {
  const headers = { host, accept: 'application/json', cookie: '__Host-latchkey.acme.AAAAAAAAAAA=x' }
  return app.auth.handle(new Request(`https://${host}/auth/acme/callback?state=${state}&code=c`, { headers }))
}

/** A state that was made for a login at a host, under the secret of the app. */
function stateOf(origin: string): Promise<string> {
  return createApp({ baseUrl: origin, secret }).browser().begin()
}

describe('a callback at the origin of all callbacks', () => {
  it.each(['https://one.example', 'https://two.example'])('is relayed to %s, where its login began', async (origin) => {
    const state = await stateOf(origin)
    const response = await callback('login.example', state)
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(`${origin}/auth/acme/callback?state=${state}&code=c`)
  })

  it.each([
    'https://evil.example',
    'https://one.example.evil.example',
    'https://one.example:8443',
    'https://login.example',
  ])('is relayed to no host that is not ours, though its state is authentic: %s', async (origin) => {
    const response = await callback('login.example', await stateOf(origin))
    expect([response.status, response.headers.get('location')]).toEqual([421, null])
  })

  it('is relayed nowhere with a state that is not authentic', async () => {
    const state = await createApp({ baseUrl: 'https://one.example' }).browser().begin()
    const response = await callback('login.example', state)
    expect([response.status, response.headers.get('location')]).toEqual([421, null])
  })
})

describe('a callback at another origin of the app', () => {
  it('is relayed to the one where its login began', async () => {
    const response = await callback('two.example', await stateOf('https://one.example'))
    expect(new URL(response.headers.get('location') ?? '').origin).toBe('https://one.example')
  })

  it('with a state of a host that is not ours is refused', async () => {
    const response = await callback('one.example', await stateOf('https://evil.example'))
    expect([response.status, await codeOf(response)]).toEqual([400, 'acme/invalid_state'])
  })
})
