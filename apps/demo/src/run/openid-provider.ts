import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import Provider, { type Context } from 'oidc-provider'
import MemoryAdapter from 'oidc-provider/lib/adapters/memory_adapter.js'
import { type Html, html } from '../pages/html.ts'

/** npm's `oidc-provider`, a certified OpenID provider that knows nothing of Latchkey. */
export interface OpenIdProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  close(): Promise<void>
}

const accounts: Readonly<Record<string, { readonly name: string; readonly email: string }>> = {
  ada: { name: 'Ada Lovelace', email: 'ada@openid.example' },
  grace: { name: 'Grace Hopper', email: 'grace@openid.example' },
}

const clientId = 'latchkey-demo'
const scope = 'openid profile email offline_access'
const daySeconds = 86_400

/** Starts it on a port of this machine, 0 for any, for an app at these origins. */
export async function startOpenIdProvider(port: number, origins: readonly string[]): Promise<OpenIdProvider> {
  let callback: RequestListener = (_incoming, outgoing) => outgoing.destroy()
  const server = createServer((incoming, outgoing) => callback(incoming, outgoing))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const clientSecret = randomBytes(32).toString('base64url')
  callback = createProvider(issuer, { origins, clientSecret }).callback()
  return {
    issuer,
    clientId,
    clientSecret,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Application {
  readonly origins: readonly string[]
  readonly clientSecret: string
}

function createProvider(issuer: string, { origins, clientSecret }: Application): Provider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const at = (path: string): readonly string[] => origins.map((origin) => origin + path)
  const provider: Provider = new Provider(issuer, {
    // One of our own: of its own the package says that it is for development.
    adapter: class extends MemoryAdapter {},
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: at('/auth/oidc/callback'),
        post_logout_redirect_uris: at('/auth/logout/next'),
        require_auth_time: true,
      },
    ],
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256', use: 'sig' }] },
    scopes: scope.split(' '),
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId, ...accounts[accountId], email_verified: true }),
    }),
    // Its time is the computer's, and the demo can let half an hour pass.
    ttl: {
      Interaction: 600,
      AccessToken: 1800,
      IdToken: daySeconds,
      RefreshToken: daySeconds,
      Grant: daySeconds,
      Session: daySeconds,
    },
    clockTolerance: daySeconds,
    pkce: { required: () => true },
    interactions: { url: () => loginPath },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: () => true },
      rpInitiatedLogout: { enabled: true, logoutSource: showSignOut },
    },
    // The demo is the user's own app: nobody is asked for a consent.
    async loadExistingGrant({ oidc }: { readonly oidc: { readonly session: { readonly accountId: string } } }) {
      const grant = new provider.Grant({ clientId, accountId: oidc.session.accountId })
      grant.addOIDCScope(scope)
      await grant.save()
      return grant
    },
  })
  provider.use((context, next) => answerPages(provider, context, next))
  return provider
}

const loginPath = '/login'

async function answerPages(provider: Provider, context: Context, next: () => Promise<void>): Promise<void> {
  if (context.path === '/style.css') {
    context.type = 'text/css'
    context.body = style
    return
  }
  if (context.path !== loginPath) {
    await next()
    return
  }
  const fields = context.method === 'POST' ? new URLSearchParams(await text(context.req)) : null
  const accountId = fields?.get('account') ?? ''
  if (Object.hasOwn(accounts, accountId)) {
    context.redirect(await provider.interactionResult(context.req, context.res, { login: { accountId } }))
    return
  }
  show(
    context,
    'Sign in',
    html`<p>This provider runs beside the demo. It is npm’s <code>oidc-provider</code>.</p>
<form method="post">${Object.entries(accounts).map(
      ([id, { name }]) => html`<button name="account" value="${id}">Sign in as ${name}</button>\n`,
    )}</form>`,
  )
}

/** @param form What the provider's page must hold: a form without a button, whose id is `op.logoutForm`. */
async function showSignOut(context: Context, form: string): Promise<void> {
  show(
    context,
    'Do you want to sign out here, too?',
    html`${{ markup: form }}
<p class="choices"><button form="op.logoutForm" name="logout" value="yes">Sign out</button>
<button class="quiet" form="op.logoutForm">Stay signed in</button></p>`,
  )
}

function show(context: Context, title: string, content: Html): void {
  context.type = 'html'
  context.set('cache-control', 'no-store')
  context.body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · OpenID provider</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.markup
}

const style = `:root {
  color-scheme: light dark;
}
body {
  margin: 0;
  padding: 2rem 1.25rem;
  background: light-dark(#f5f4f1, #131217);
  color: light-dark(#191a23, #eceaf3);
  font: 1rem / 1.55 system-ui, sans-serif;
}
main {
  max-width: 26rem;
  margin: 0 auto;
}
form,
.choices {
  display: flex;
  flex-wrap: wrap;
  gap: 0.6rem;
}
button {
  min-height: 2.75rem;
  padding: 0.55rem 1.1rem;
  border: 1px solid transparent;
  border-radius: 0.6rem;
  background: light-dark(#2f5d2a, #a5d99c);
  color: light-dark(#ffffff, #16151b);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button.quiet {
  border-color: light-dark(#8b8896, #807c8d);
  background: transparent;
  color: inherit;
}
:focus-visible {
  outline: 3px solid light-dark(#2f5d2a, #a5d99c);
  outline-offset: 3px;
}
`
