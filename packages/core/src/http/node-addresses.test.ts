import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { describe, expect, it } from 'vitest'
import { isPublicAddress, publicLookup } from './node-addresses.ts'

describe('a public address', () => {
  it.each([
    ...['1.1.1.1', '8.8.8.8', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255'],
    ...['2606:4700:4700::1111', '2a00:1450:4001:81b::200e', '64:ff9b::8.8.8.8'],
  ])('is %s', (address) => expect(isPublicAddress(address)).toBe(true))

  it.each([
    ...['0.0.0.0', '10.0.0.1', '10.255.255.255', '100.64.0.1', '127.0.0.1', '127.1.2.3', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.0.0.8', '192.0.2.1', '192.168.0.1', '198.18.0.1', '198.51.100.1'],
    ...['203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '2001:db8::1', '2001::1'],
    ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '2002:7f00:1::', '2002:a00:1::'],
    ...['64:ff9b::127.0.0.1', '64:ff9b::10.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::10.0.0.1', '3fff::1'],
    ...['2606:4700::1%eth0', 'localhost', '8.8.8', '08.8.8.8', '0x7f000001', ''],
  ])('is not "%s"', (address) => expect(isPublicAddress(address)).toBe(false))
})

describe('a lookup of public addresses', () => {
  const resolver =
    (...found: readonly string[]): LookupFunction =>
    (_hostname, { all }, callback) => {
      const addresses: LookupAddress[] = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
      if (all === true) callback(null, addresses)
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
    }
  const look = (lookup: LookupFunction, all: boolean): Promise<unknown> =>
    new Promise((resolve) => {
      publicLookup(lookup)('vendor.example', { all }, (error, address) => {
        resolve((error as { code?: string } | null)?.code ?? address)
      })
    })

  it('gives what a public name has', async () => {
    expect(await look(resolver('8.8.8.8'), false)).toBe('8.8.8.8')
    expect(await look(resolver('8.8.8.8', '2606:4700::1'), true)).toHaveLength(2)
  })

  it('gives none of a name with a private address, wherever it stands', async () => {
    expect(await look(resolver('10.0.0.1'), false)).toBe('LATCHKEY_PRIVATE_ADDRESS')
    expect(await look(resolver('8.8.8.8', '127.0.0.1'), true)).toBe('LATCHKEY_PRIVATE_ADDRESS')
    expect(await look(resolver('::1', '8.8.8.8'), true)).toBe('LATCHKEY_PRIVATE_ADDRESS')
  })

  it('passes on what the resolver says when it fails', async () => {
    const failing: LookupFunction = (_hostname, _options, callback) =>
      callback(Object.assign(new Error('none'), { code: 'ENOTFOUND' }), '', 0)
    expect(await look(failing, true)).toBe('ENOTFOUND')
  })
})
