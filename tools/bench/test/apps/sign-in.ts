import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import secureSession from '@fastify/secure-session'
import { latchkey, requireSession, sessionOf } from '@latchkey/adapter-fastify'
import { createAuth, type InstalledProvider } from '@latchkey/core'
import { wristbandProvider } from '@latchkey/core-wristband'
import { oidcProvider } from '@latchkey/oidc'
import express, { type Express } from 'express'
import { auth as openidConnect } from 'express-openid-connect'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { getIronSession } from 'iron-session'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { startLoginFloor } from '../floors/login.ts'
import { cookieOf, createSealFloor } from '../floors/session.ts'
import { createSignInFloor, type SignedIn } from '../floors/sign-in.ts'
import { createOfficialAuth } from '../groups/official.ts'
import { reference } from '../groups/reference.ts'
import type { App, Start } from './app-process.ts'

const { clientId, clientSecret, origin, secret } = reference
const redirectUri = `${origin}/callback`
const scopes = ['openid', 'offline_access', 'email']

/** A login that is under way. */
interface Login {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

async function listen(app: FastifyInstance, provider?: string): Promise<App> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return provider === undefined ? { port } : { port, authPath: `/auth/${provider}` }
}

async function listenExpress(app: Express): Promise<App> {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port }
}

async function ours(provider: InstalledProvider): Promise<App> {
  const auth = createAuth({ baseUrl: origin, secret, providers: [provider] })
  const app = fastify()
  await app.register(latchkey, { auth })
  app.get('/me', { preHandler: requireSession() }, async (request) => ({
    email: (sessionOf(request).user.profile as { email?: string }).email,
  }))
  return listen(app, provider.name)
}

/** What a library does of a sign-in. */
interface Library {
  begin(login: Login): Promise<URL>
  finish(url: URL, login: Login): Promise<SignedIn>
}

interface Kept {
  get(name: string): unknown
  set(name: string, value: unknown): void
  regenerate(): void
}

/** The session of @fastify/secure-session: another tool of this repository gives `session` another type. */
function keptBy(request: FastifyRequest): Kept {
  return (request as { readonly session: unknown }).session as Kept
}

/** A library that keeps no session, with @fastify/secure-session. */
async function onSecureSession({ begin, finish }: Library): Promise<App> {
  const app = fastify()
  await app.register(secureSession, { key: Buffer.from(secret, 'base64url'), cookieName: 's', cookie: { path: '/' } })
  app.get('/login', async (request, reply) => {
    const login = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    }
    keptBy(request).set('login', login)
    return reply.redirect((await begin(login)).href)
  })
  app.get('/callback', async (request, reply) => {
    const session = keptBy(request)
    const { accessToken, refreshToken, claims } = await finish(
      new URL(request.url, origin),
      session.get('login') as Login,
    )
    session.regenerate()
    session.set('user', { isAuthenticated: true, accessToken, refreshToken, claims })
    return reply.redirect('/')
  })
  app.get('/me', async (request) => ({ email: (keptBy(request).get('user') as SignedIn).claims['email'] }))
  return listen(app)
}

/** Apps whose users sign in at `GET /login` and `GET /callback`, or below `authPath`. All ask userinfo. */
export const apps: Readonly<Record<string, Start>> = {
  async floor({ domain }) {
    const { seal, open } = createSealFloor(Buffer.from(secret, 'base64url'))
    const redeem = await createSignInFloor(`https://${domain}`, { id: clientId, secret: clientSecret })
    const fixed = { response_type: 'code', client_id: clientId, redirect_uri: redirectUri, scope: scopes.join(' ') }
    const query = new URLSearchParams({ ...fixed, code_challenge_method: 'S256' }).toString()
    const prefix = `https://${domain}/api/v1/oauth2/authorize?${query}`
    const attributes = 'Path=/; HttpOnly; Secure; SameSite=Lax'
    const app = fastify()
    app.get('/login', async (_request, reply) => {
      const { url, transaction } = startLoginFloor(prefix)
      const login = seal({ ...transaction, exp: Date.now() + 600_000 })
      return reply.header('set-cookie', `l=${login}; ${attributes}`).redirect(url)
    })
    app.get('/callback', async ({ headers, query: given }, reply) => {
      const login = open(cookieOf(headers.cookie ?? '', 'l')) as Login & { readonly exp: number }
      const { code, state } = given as { code: string; state: string }
      if (state !== login.state || login.exp < Date.now()) return reply.code(400).send()
      const session = seal({ isAuthenticated: true, ...(await redeem(code, login, redirectUri)) })
      return reply.header('set-cookie', [`s=${session}; ${attributes}`, 'l=; Path=/; Max-Age=0']).redirect('/')
    })
    app.get('/me', async ({ headers }) => ({
      email: (open(cookieOf(headers.cookie ?? '', 's')) as SignedIn).claims['email'],
    }))
    return listen(app)
  },

  'latchkey core-wristband': ({ domain = '' }) =>
    ours(
      wristbandProvider({
        clientId,
        clientSecret,
        applicationDomain: domain,
        scopes,
        tenancy: { kind: 'query', default: 'acme' },
      }),
    ),

  'latchkey oidc': ({ domain }) =>
    ours(oidcProvider({ name: 'acme', issuer: `https://${domain}`, clientId, clientSecret, scopes })),

  async 'openid-client'({ domain }) {
    const configuration = await openid.discovery(
      new URL(`https://${domain}`),
      clientId,
      clientSecret,
      openid.ClientSecretBasic(clientSecret),
    )
    openid.enableNonRepudiationChecks(configuration)
    return onSecureSession({
      begin: async ({ state, nonce, verifier }) =>
        openid.buildAuthorizationUrl(configuration, {
          redirect_uri: redirectUri,
          scope: scopes.join(' '),
          code_challenge: await openid.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          state,
          nonce,
        }),
      async finish(url, { state, nonce, verifier }) {
        const tokens = await openid.authorizationCodeGrant(configuration, url, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
        })
        const subject = tokens.claims()?.sub ?? ''
        const claims = await openid.fetchUserInfo(configuration, tokens.access_token, subject)
        return { accessToken: tokens.access_token, refreshToken: tokens.refresh_token ?? '', claims }
      },
    })
  },

  async oauth4webapi({ domain }) {
    const issuer = new URL(`https://${domain}`)
    const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer))
    const client = { client_id: clientId }
    const authentication = oauth.ClientSecretBasic(clientSecret)
    return onSecureSession({
      async begin({ state, nonce, verifier }) {
        const url = new URL(server.authorization_endpoint ?? '')
        const parameters = {
          response_type: 'code',
          client_id: clientId,
          redirect_uri: redirectUri,
          scope: scopes.join(' '),
          code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          state,
          nonce,
        }
        for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
        return url
      },
      async finish(url, { state, nonce, verifier }) {
        const given = oauth.validateAuthResponse(server, client, url, state)
        const answer = await oauth.authorizationCodeGrantRequest(
          server,
          client,
          authentication,
          given,
          redirectUri,
          verifier,
        )
        const checks = { expectedNonce: nonce, requireIdToken: true }
        const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, checks)
        await oauth.validateApplicationLevelSignature(server, answer)
        const subject = oauth.getValidatedIdTokenClaims(tokens)?.sub ?? ''
        const userinfo = await oauth.userInfoRequest(server, client, tokens.access_token)
        const claims = await oauth.processUserInfoResponse(server, client, subject, userinfo)
        return { accessToken: tokens.access_token, refreshToken: tokens.refresh_token ?? '', claims }
      },
    })
  },

  async 'express-openid-connect'({ domain }) {
    const app = express()
    app.use(
      openidConnect({
        issuerBaseURL: `https://${domain}`,
        baseURL: origin,
        clientID: clientId,
        clientSecret,
        secret,
        authRequired: false,
        clientAuthMethod: 'client_secret_basic',
        authorizationParams: { response_type: 'code', scope: scopes.join(' ') },
        afterCallback: async (request, _response, session) => ({
          ...session,
          user: await request.oidc.fetchUserInfo(),
        }),
      }),
    )
    app.get('/me', (request, response) => {
      response.json({
        email: (request as unknown as { appSession: { user: SignedIn['claims'] } }).appSession.user['email'],
      })
    })
    return listenExpress(app)
  },

  async '@wristband/express-auth'({ domain = '' }) {
    const auth = createOfficialAuth(domain, redirectUri)
    const options = { password: secret, cookieName: 's' }
    const app = express()
    app.get('/login', async (request, response) => response.redirect(await auth.login(request, response)))
    app.get('/callback', async (request, response) => {
      const { callbackData } = await auth.callback(request, response)
      const session = await getIronSession<{ user?: object }>(request, response, options)
      const { accessToken, refreshToken, userinfo: claims } = callbackData
      session.user = { isAuthenticated: true, accessToken, refreshToken, claims }
      await session.save()
      response.redirect('/')
    })
    app.get('/me', async (request, response) => {
      const { user } = await getIronSession<{ user?: SignedIn }>(request, response, options)
      response.json({ email: user?.claims['email'] })
    })
    return listenExpress(app)
  },
}
