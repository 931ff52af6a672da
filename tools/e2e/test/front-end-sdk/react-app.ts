import { type Auth, createAuth, createMemoryStore, type Store } from '@latchkey/core'
import { sendWebResponse, toWebRequest } from '@latchkey/core/adapter/node'
import { wristbandProvider } from '@latchkey/core-wristband'
import { type EmulatedWristband, startEmulator } from '@latchkey/emulator'
import { listen } from '@latchkey/tool-test-support'

/** An app whose page is the vendor's SDK, with sessions in a store that can be silent, and Wristband's emulator. */
export interface ReactApp {
  readonly origin: string
  readonly auth: Auth
  readonly wristband: EmulatedWristband
  /** The paths that were asked for, in order. */
  readonly asked: readonly string[]
  /** Takes the store away, and gives it back. */
  breakStore(isBroken: boolean): void
  close(): Promise<void>
}

/** Starts it on a free port of `app.localhost`. */
export async function startReactApp(script: string): Promise<ReactApp> {
  const { wristband, close } = await startEmulator({ wink: false, wise: false })
  const asked: string[] = []
  const server = await listen(async (incoming, outgoing) => {
    const { request } = await toWebRequest(incoming, incoming)
    const { pathname } = new URL(request.url)
    asked.push(pathname)
    await sendWebResponse(outgoing, await answer(request, pathname))
  })
  const origin = `http://app.localhost:${server.port}`
  wristband.registerRedirectUri(`${origin}/auth/wristband/callback`)
  wristband.registerLogoutUrl(`${origin}/auth/logout/next`)
  const { store, breakStore } = breakableStore()
  const auth = createAuth({
    baseUrl: origin,
    secret: 'an-example-secret-of-32-bytes-or-more',
    store,
    session: { strategy: 'store' },
    providers: [
      wristbandProvider({
        clientId: wristband.clientId,
        clientSecret: wristband.clientSecret,
        applicationDomain: wristband.applicationDomain,
        tenancy: { kind: 'query', default: 'acme' },
        frontEndSdk: true,
        exposeAccessToken: true,
      }),
    ],
  })
  const answer = async (request: Request, pathname: string): Promise<Response> => {
    if (pathname === '/page.js') return new Response(script, { headers: { 'content-type': 'text/javascript' } })
    if (pathname.startsWith('/auth/')) return auth.handle(request)
    const body = pathname === '/' ? '<div id="root"></div><script type="module" src="/page.js"></script>' : 'Good bye'
    return new Response(`<!doctype html><html lang="en"><title>App</title><body>${body}`, {
      headers: { 'content-type': 'text/html' },
    })
  }
  return {
    origin,
    auth,
    wristband,
    asked,
    breakStore,
    async close() {
      await server.close()
      await close()
    },
  }
}

function breakableStore(): { readonly store: Store; breakStore(isBroken: boolean): void } {
  const memory = createMemoryStore()
  let broken = false
  const unlessBroken =
    <Given extends unknown[], Result>(method: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      if (broken) throw new Error('The store is away.')
      return method(...given)
    }
  return {
    store: {
      get: unlessBroken(memory.get),
      set: unlessBroken(memory.set),
      add: unlessBroken(memory.add),
      replace: unlessBroken(memory.replace),
      remove: unlessBroken(memory.remove),
    },
    breakStore(isBroken) {
      broken = isBroken
    },
  }
}
