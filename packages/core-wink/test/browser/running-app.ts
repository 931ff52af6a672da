import {
  type Auth,
  type AuthEvent,
  type AuthenticatedSession,
  createAuth,
  type Identity,
  type SignInDecision,
} from '@latchkey/core'
import { sendWebResponse, toWebRequest } from '@latchkey/core/adapter/node'
import { type EmulatedWink, type EmulatorOptions, startEmulator } from '@latchkey/emulator'
import { happeningsIn, listen } from '@latchkey/tool-test-support'
import { build } from 'esbuild'
import { createWinkClient, type WinkClientOptions, winkProvider } from '../../src/index.ts'
import { firstProvider } from './first-provider.ts'

/** An app with both flows of Wink, and Wink's emulator on another port. */
export interface RunningApp {
  readonly url: string
  readonly wink: EmulatedWink
  readonly auth: Auth
  readonly events: AuthEvent[]
  close(): Promise<void>
}

/** Starts it. On `127.0.0.1` Wink is another site than the app, whose cookies a browser leaves out of frames. */
export async function startApp(
  host: NonNullable<EmulatorOptions['host']> = 'localhost',
  options: Partial<WinkClientOptions> = {},
): Promise<RunningApp> {
  const emulator = await startEmulator({ wristband: false, wise: false, host, clock: 'manual' })
  const { wink } = emulator
  // The URL is on allow-lists, so the server listens before there is an app.
  const server = await listen(async (incoming, outgoing) => {
    const { request } = await toWebRequest(incoming, incoming)
    await sendWebResponse(outgoing, await answer(request).catch((error) => auth.errorResponse(error, request)))
  })
  const url = `http://localhost:${server.port}`
  wink.registerWebOrigin(url)
  const { clientId, clientSecret, apiUrl, authUrl } = wink
  const clock = (): number => wink.clock.now()
  const events: AuthEvent[] = []
  const auth = createAuth({
    baseUrl: url,
    secret: 'an-example-secret-of-32-bytes-or-more',
    providers: [
      firstProvider,
      winkProvider({
        client: createWinkClient({
          clientId,
          clientSecret,
          environment: { apiUrl, authUrl },
          returnUrls: [`${url}/wink/callback`, `${url}/auth/wink/callback`],
          cancelUrls: [`${url}/`, `${url}/wink/callback`, `${url}/auth/wink/cancel`],
          clock,
          ...options,
        }),
        flows: ['server', 'browser'],
      }),
    ],
    pages: { error: '/error', apiPaths: ['/api'] },
    onSignIn: createLinkRecord(),
    onEvent: happeningsIn(events),
    clock,
  })
  const script = await pageScript()
  const payroll = { provider: 'wink', maxAuthAgeSeconds: 300 } as const
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    switch (pathname) {
      case '/page.js':
        return new Response(script, { headers: { 'content-type': 'text/javascript' } })
      case '/':
      case '/wink/callback':
      case '/error':
        return page(pathname, { clientId, authUrl })
      case '/api/payroll':
        return granted(await auth.requireSession(request, payroll))
      case '/api/proven-payroll':
        return granted(await auth.requireSession(request, { ...payroll, authTimeSources: ['auth_time'] }))
      default:
        return auth.handle(request)
    }
  }
  return {
    url,
    wink,
    auth,
    events,
    async close() {
      await server.close()
      await emulator.close()
    },
  }
}

function granted({ session, headers }: AuthenticatedSession): Response {
  return Response.json(session.identities, { headers: headers.map(([name, value]) => [name, value]) })
}

function page(path: string, { clientId, authUrl }: { clientId: string; authUrl: string }): Response {
  const withScript = path === '/error' ? '' : '<script type="module" src="/page.js"></script>'
  const ancestors = path === '/wink/callback' ? "'self'" : "'none'"
  return new Response(
    `<!doctype html><html lang="en" data-client-id="${clientId}" data-auth-url="${authUrl}"><title>App</title>
<body><a id="server-flow" href="/auth/wink/login">Wink</a>${withScript}</body></html>`,
    {
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': `script-src 'self'; frame-ancestors ${ancestors}; object-src 'none'`,
      },
    },
  )
}

async function pageScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [new URL('page-script.ts', import.meta.url).pathname],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/** Who may step up as whom: the first user at Wink with whom a user did so. */
function createLinkRecord(): (request: {
  readonly identity: Identity
  readonly current: { readonly identities: object } | null
}) => SignInDecision {
  const record = new Map<string, string>()
  return ({ identity, current }) => {
    const { first } = (current?.identities ?? {}) as { readonly first?: Identity }
    if (identity.provider !== 'wink' || first === undefined) return { action: 'new' }
    const known = record.get(first.subject) ?? identity.subject
    record.set(first.subject, known)
    return { action: known === identity.subject ? 'link' : 'deny' }
  }
}
