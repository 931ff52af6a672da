import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { whenHeadersAreSent } from './node-headers.ts'

describe('headers that are added as a response is sent', () => {
  it('take the place of those that `writeHead` is given, by whatever name and however often', async () => {
    const added = [
      ['cache-control', 'private, no-store'],
      ['vary', 'Cookie'],
      ['set-cookie', 'ours=1'],
      ['set-cookie', 'other=2'],
    ] as const
    const server = createServer((_request, response) => {
      whenHeadersAreSent(response, () => added)
      const given = {
        'Cache-Control': 'public',
        Vary: 'Origin',
        'Set-Cookie': ['app=1', 'ours=0'],
        'X-None': undefined,
      }
      response.writeHead(200, 'Fine', { ...given, 'cache-control': 'public, max-age=60' }).end('whole')
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const { port } = server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}/`)
    await new Promise((closed) => server.close(closed))
    expect([response.statusText, await response.text()]).toEqual(['Fine', 'whole'])
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'private, no-store',
      vary: 'Origin, Cookie',
    })
    expect(response.headers.getSetCookie()).toEqual(['app=1', 'ours=1', 'other=2'])
    expect(response.headers.has('x-none')).toBe(false)
  })
})
