import { describe, expect, it } from 'vitest'
import { codeOf, createApp } from './app.ts'

const baseUrl = ['https://one.example', 'https://{tenant}.two.example'] as const

async function originAt(headers: Record<string, string>, trustedProxy = false): Promise<unknown> {
  const { auth } = createApp({ baseUrl, trustedProxy })
  const response = await auth.handle(new Request('https://inside.example/auth/acme/context', { headers }))
  if (response.status !== 200) return [response.status, await codeOf(response)]
  const { origin, tenant } = (await response.json()) as { readonly origin: string; readonly tenant: string | null }
  return [origin, tenant]
}

describe('the host of a request', () => {
  it.each([
    ['one.example', 'https://one.example', null],
    ['ONE.example:443', 'https://one.example', null],
    ['acme.two.example', 'https://acme.two.example', 'acme'],
  ])('%s is an origin of the app', async (host, origin, tenant) => {
    expect(await originAt({ host })).toEqual([origin, tenant])
  })

  it.each([
    'evil.example',
    'one.example:8443',
    'one.example.evil.example',
    'notone.example',
    'two.example',
    'acme.two.example.evil.example',
    'acme.twoxexample',
    'acmextwo.example',
    'acme.evil.example',
    'acme.other.example',
    'a.b.two.example',
    'xn--acme.two.example',
    '-acme.two.example',
    'acme.two.example:8443',
    'user@one.example',
    'one.example/x',
    '',
  ])('%s is none', async (host) => {
    expect(await originAt({ host })).toEqual([421, 'core/unknown_host'])
  })

  it('is not the one that a header of the client names', async () => {
    const headers = { 'x-forwarded-host': 'acme.two.example', forwarded: 'host=acme.two.example' }
    expect(await originAt({ host: 'one.example', ...headers })).toEqual(['https://one.example', null])
    expect(await originAt({ host: 'evil.example', ...headers })).toEqual([421, 'core/unknown_host'])
  })

  it('is the one that a proxy of ours names, where the app says that there is one', async () => {
    const headers = { host: 'inside.example', 'x-forwarded-host': 'acme.two.example' }
    expect(await originAt(headers, true)).toEqual(['https://acme.two.example', 'acme'])
    expect(await originAt({ ...headers, 'x-forwarded-host': 'evil.example' }, true)).toEqual([421, 'core/unknown_host'])
  })
})
