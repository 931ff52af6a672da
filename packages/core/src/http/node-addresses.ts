import { BlockList, isIP, type LookupFunction } from 'node:net'
import { privateAddressCode } from './platform-fetch.ts'

/** What IPv4 has beside the public internet. @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const privateNetworks: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** Where public addresses of IPv6 are, and what of that is none: protocols, documentation, IPv4 inside of IPv6. */
const publicNetworks: readonly (readonly [network: string, prefix: number])[] = [
  ['2000::', 3],
  // NAT64: what a network without IPv4 gives to hosts that have no other address.
  ['64:ff9b::', 96],
]

const privateIn6: readonly (readonly [network: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ...privateNetworks.map(([network, prefix]) => [`64:ff9b::${network}`, 96 + prefix] as const),
]

const private4 = listOf(privateNetworks, 'ipv4')
const public6 = listOf(publicNetworks, 'ipv6')
const private6 = listOf(privateIn6, 'ipv6')

function listOf(networks: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family)
  return list
}

/** Whether an IP address is on the public internet: neither this machine, nor a private or link-local network. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !private4.check(address, 'ipv4')
    case 6:
      // An address with a zone is link-local.
      return !address.includes('%') && public6.check(address, 'ipv6') && !private6.check(address, 'ipv6')
    default:
      return false
  }
}

/**
 * A `lookup` for connections that finds public addresses alone. What it gives is what is connected to: a name cannot
 * mean another host between this check and the connection. One private address spoils all that a name has.
 */
export function publicLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, options, (error, address, family) => {
      const found = typeof address === 'string' ? [address] : (address ?? []).map((each) => each.address)
      if (error === null && !found.every(isPublicAddress)) callback(privateAddressError(), '', 0)
      else callback(error, address, family)
    })
}

/** The error for a host that must be on the public internet and is not. */
export function privateAddressError(): Error {
  return Object.assign(new Error('The address is not public'), { code: privateAddressCode })
}
