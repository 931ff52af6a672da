import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EmulatedWink } from '../src/index.ts'
import { basic } from './wristband-journey.ts'

/** An application with Wink's own browser SDK: a page that says in its body's `data-state` how far it is. */
export interface WinkApplication {
  readonly origin: string
  close(): Promise<void>
}

/** Starts it on a free port. Its pages take `?option=…` of `pageScript`. */
export async function startWinkApplication(wink: EmulatedWink): Promise<WinkApplication> {
  const sdk = await readFile(new URL(import.meta.resolve('wink-identity-sdk')), 'utf8')
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const send = (type: string, body: string): void =>
      void outgoing.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
    switch (new URL(incoming.url ?? '', origin).pathname) {
      case '/wink-identity-sdk.js':
        return send('text/javascript', sdk)
      case '/silent-check-sso.html':
        return send('text/html', '<script>parent.postMessage(location.href, location.origin)</script>')
      case '/session':
        return send('application/json', await createSession())
      case '/':
      case '/callback':
        return send('text/html', page(wink))
      case '/cancelled':
        return send('text/plain', 'Cancelled.')
      default:
        outgoing.writeHead(404).end()
    }
  }

  async function createSession(): Promise<string> {
    const answered = await fetch(`${wink.apiUrl}/wink/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: basic(wink) },
      body: JSON.stringify({ returnUrl: `${origin}/callback`, cancelUrl: `${origin}/cancelled` }),
    })
    return answered.text()
  }

  return {
    origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const page = ({ clientId, authUrl }: EmulatedWink): string => `<!doctype html>
<html lang="en"><title>An application</title>
<body data-state="starting">
<button id="login">Log in</button><button id="overlay">Log in here</button><button id="logout">Log out</button>
<script type="module">
import { getWinkLoginClient } from '/wink-identity-sdk.js'
const { origin, search } = location
const { dataset } = document.body
// The SDK resolves after a failure, too.
const show = (state) => { if (!dataset.state.startsWith('failed')) dataset.state = state }
const onFailure = (error) => show('failed: ' + (error?.oidcCode ?? error?.message ?? error))
const client = getWinkLoginClient({
  clientId: ${JSON.stringify(clientId)},
  realm: 'wink',
  override: true,
  overrideValues: { AUTH_URL: ${JSON.stringify(authUrl)} },
  loggingEnabled: false,
})
window.client = client
const login = async (options) => {
  const { sessionId } = await (await fetch('/session')).json()
  await client.winkLogin({ sessionId, redirectUri: origin + '/callback', onFailure, ...options })
}
document.querySelector('#login').onclick = () => login({})
document.querySelector('#overlay').onclick = () => login({ popup: true })
document.querySelector('#logout').onclick = () => client.winkLogout({ redirectUri: origin + '/' })
client.winkInit({
  silentCheckSsoRedirectUri: origin + '/silent-check-sso.html',
  checkLoginIframe: new URLSearchParams(search).has('iframe'),
  onFailure,
}).then(() => show(client.authenticated ? 'signed in' : 'signed out'), onFailure)
</script>
`
