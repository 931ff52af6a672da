import { afterEach, expect, it, vi } from 'vitest'
import { createPlatformFetch } from './web.ts'

afterEach(() => vi.unstubAllGlobals())

it('where there is no Node requests go through the fetch that is global at that moment, which follows no redirect', async () => {
  const send = createPlatformFetch({ privateHosts: undefined })
  const asked = vi.fn<typeof globalThis.fetch>(async () => Response.json({}))
  vi.stubGlobal('fetch', asked)
  const request = { method: 'POST', headers: new Headers(), body: 'a=b', signal: new AbortController().signal }
  expect((await send('https://vendor.example/token', request)).status).toBe(200)
  expect(asked).toHaveBeenCalledExactlyOnceWith('https://vendor.example/token', { ...request, redirect: 'manual' })
})
