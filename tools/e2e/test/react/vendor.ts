import { type LoopbackServer, listen } from '@latchkey/tool-test-support'

/** The vendor of {@link acme}: on a site of its own. */
export interface Vendor extends Pick<LoopbackServer, 'close'> {
  readonly origin: string
  /** Whom it signs in from now on. */
  user: string
}

export async function startVendor(): Promise<Vendor> {
  const server = await listen((incoming, outgoing) => {
    const { pathname, searchParams: query } = new URL(incoming.url ?? '/', 'http://vendor.localhost')
    const back = new URLSearchParams({ state: query.get('state') ?? '', user: vendor.user })
    const location = pathname === '/logout' ? query.get('return_to') : `${query.get('redirect_uri')}?${back}`
    outgoing.writeHead(303, { location: location ?? '/' }).end()
  })
  const vendor: Vendor = { origin: `http://vendor.localhost:${server.port}`, user: 'Ada', close: server.close }
  return vendor
}
