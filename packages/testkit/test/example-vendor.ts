import { AuthError, type AuthProvider, type JsonObject, type Outcome, type Tokens } from '@latchkey/core/provider'
import type { ProviderSubject, VendorDouble, VendorSurroundings } from '../src/index.ts'

const issuer = 'https://vendor.example'
const clientSecret = 'canary-client-secret'
const email = 'canary@example.com'

/** A small vendor whose servers give tokens for codes, and whose signatures are easily made. */
function createVendor(clock: () => number): VendorDouble {
  const canaries = [clientSecret, email]
  const subjects = new Map<string, string>()
  let plan: 'refreshed' | 'failed' | 'ended' = 'refreshed'
  const secretFor = (subject: string): string => {
    const secret = `canary-${crypto.randomUUID()}`
    subjects.set(secret, subject)
    canaries.push(secret)
    return secret
  }
  const refuse = (error: string, status = 400) => Response.json({ error }, { status })
  return {
    canaries,
    authorize({ searchParams }, { subject, outcome }) {
      const callback = new URL(searchParams.get('redirect_uri') ?? '')
      callback.searchParams.set('state', searchParams.get('state') ?? '')
      if (outcome === 'denied') callback.searchParams.set('error', 'denied')
      else callback.searchParams.set('code', secretFor(subject))
      return callback
    },
    async answer(request) {
      if (new URL(request.url).pathname === '/revoke') return Response.json({})
      const fields = new URLSearchParams(await request.text())
      if (fields.get('secret') !== clientSecret) return refuse('client')
      const grant = fields.get('grant') ?? ''
      const subject = subjects.get(grant)
      subjects.delete(grant)
      if (subject === undefined) return refuse('grant')
      if (fields.get('kind') === 'refresh' && plan !== 'refreshed') {
        if (plan === 'failed') subjects.set(grant, subject)
        return plan === 'failed' ? refuse('busy', 503) : refuse('grant')
      }
      return Response.json({ subject, email, access: secretFor(subject), refresh: secretFor(subject) })
    },
    planRefresh(outcome) {
      plan = outcome
    },
    bearer(subject) {
      const claims = { iss: issuer, sub: subject, exp: clock() + 60 }
      const text = JSON.stringify(claims)
      const payload = btoa(text + ' '.repeat((3 - (text.length % 3)) % 3))
      const token = `e30.${payload}.${signatureOf(payload)}`
      canaries.push(token)
      return token
    },
  }
}

/** What stands for a signature: it fits one payload alone. */
function signatureOf(payload: string): string {
  return [...payload].toReversed().join('')
}

/** What a provider can do wrong; the suite must notice each. */
export type Mistake =
  | 'checks no state'
  | 'asks its vendor before it checks the state'
  | 'keeps logins by itself, for whoever comes'
  | 'returns to wherever it is told'
  | 'begins for scripts, too'
  | 'signs in whoever refused'
  | 'tells what its vendor said'
  | 'breaks where its vendor is odd'
  | 'believes whatever its vendor answers'
  | 'knows one user alone'
  | 'knows nobody again'
  | 'has identities of another issuer'
  | 'is proven ahead of time'
  | 'ends the sign-in when its vendor is out'
  | 'never ends a sign-in'
  | 'keeps a token in the profile'
  | 'tells an e-mail address in an event'
  | 'sends its secret in an address'
  | 'asks its vendor at once'
  | 'takes every access token'
  | 'takes access tokens for good'
  | 'needs tokens to sign out'
  | 'breaks a sign-out when its vendor is out'
  | 'gives the old access token again'
  | 'has a route that breaks'

interface Answer {
  readonly subject: string
  readonly email: string
  readonly access: string
  readonly refresh: string
}

/** A provider of that vendor, with a mistake or none. */
export function createExample({ fetch, clock }: VendorSurroundings, mistake: Mistake | null): ProviderSubject {
  return { provider: exampleProvider({ fetch, clock }, mistake), vendor: createVendor(clock) }
}

function exampleProvider({ fetch, clock }: VendorSurroundings, mistake: Mistake | null): AuthProvider {
  const makes = (one: Mistake): boolean => mistake === one
  const failed = (reason: string) =>
    new AuthError('vendor/failed', { status: 502, hint: 'The vendor failed.', cause: { reason } })

  async function ask(fields: Readonly<Record<string, string>>): Promise<Answer | 'refused'> {
    const body = new URLSearchParams({ ...fields, secret: clientSecret })
    const address = makes('sends its secret in an address')
      ? `${issuer}/token?secret=${clientSecret}`
      : `${issuer}/token`
    const response = await fetch(address, { method: 'POST', body, redirect: 'manual' }).catch((error: unknown) => {
      if (makes('breaks where its vendor is odd')) throw error
      throw failed('unreachable')
    })
    const text = await response.text()
    if (makes('tells what its vendor said') && response.status === 400) {
      throw new AuthError('vendor/failed', { status: 502, hint: `The vendor said ${text}` })
    }
    if (response.status === 400 && text.includes('grant')) return 'refused'
    if (makes('breaks where its vendor is odd')) return JSON.parse(text) as Answer
    const answer = readJson(text)
    if (makes('believes whatever its vendor answers')) {
      return { subject: 'undefined', email, access: 'a', refresh: 'r', ...(answer as object) }
    }
    const isWhole = ['subject', 'access', 'refresh'].every((name) => typeof answer?.[name] === 'string')
    if (response.status !== 200 || !isWhole) throw failed(String(response.status))
    return answer as unknown as Answer
  }

  const tokensOf = ({ access, refresh }: Answer): Tokens => ({
    accessToken: access,
    refreshToken: refresh,
    expiresAt: clock() + 300,
    refreshAt: clock() + 240,
  })

  return {
    name: 'vendor',
    mount({ basePath, emit }) {
      const own = new Map<string, string>()
      if (makes('asks its vendor at once')) void fetch(`${issuer}/configuration`).catch(() => {})
      async function finish(answer: Answer, returnTo: string, context: Context): Promise<Outcome> {
        if (makes('tells an e-mail address in an event')) {
          context.emit({ type: 'provider.user_seen', email: answer.email })
        }
        const subject = makes('knows nobody again') ? crypto.randomUUID() : answer.subject
        return {
          kind: 'signed-in',
          identity: {
            issuer: makes('has identities of another issuer') ? 'https://other.example' : issuer,
            subject: makes('knows one user alone') ? 'user' : subject,
            authenticatedAt: clock() + (makes('is proven ahead of time') ? 3600 : 0),
            authTimeSource: 'auth_time',
            profile: { name: makes('keeps a token in the profile') ? answer.access : 'Ada' },
          },
          tokens: tokensOf(answer),
          returnTo: context.returnTarget(returnTo),
        }
      }
      return {
        accountIssuers: [issuer],
        signInPath: '/login',
        routes: [
          {
            method: 'GET',
            path: '/login',
            accepts: makes('begins for scripts, too') ? 'any' : 'navigation',
            async handle(request, context) {
              const asked = new URL(request.url).searchParams.get('return_url')
              const returnTo = makes('returns to wherever it is told') ? (asked ?? '/') : context.returnTarget(asked)
              const state = await context.newState()
              own.set(state, returnTo)
              await context.transactions<{ returnTo: string }>('login').put(state, { returnTo })
              const redirectUri = `${context.callbackOrigin}${basePath}/vendor/callback`
              const query = new URLSearchParams({ state, redirect_uri: redirectUri })
              return { kind: 'redirect', to: new URL(`${issuer}/authorize?${query}`) }
            },
          },
          {
            method: 'GET',
            path: '/callback',
            accepts: 'provider-callback',
            async handle(request, context) {
              const query = new URL(request.url).searchParams
              const code = query.get('code') ?? ''
              if (makes('asks its vendor before it checks the state')) {
                const answer = await ask({ kind: 'code', grant: code })
                await context.checkState(query.get('state'))
                return answer === 'refused' ? { kind: 'restart', reason: 'refused' } : finish(answer, '/', context)
              }
              if (makes('checks no state')) {
                const answer = await ask({ kind: 'code', grant: code })
                return answer === 'refused' ? { kind: 'restart', reason: 'refused' } : finish(answer, '/', context)
              }
              const state = await context.checkState(query.get('state'))
              const known = own.get(state)
              const transaction = makes('keeps logins by itself, for whoever comes')
                ? known === undefined
                  ? null
                  : { returnTo: known }
                : await context.transactions<{ returnTo: string }>('login').take(state)
              if (transaction === null) return { kind: 'restart', reason: 'missing_login' }
              if (query.has('error')) {
                if (makes('signs in whoever refused')) {
                  return finish({ subject: 'guest', email, access: 'a', refresh: 'r' }, '/', context)
                }
                throw new AuthError('vendor/denied', { status: 403, hint: 'The user refused.' })
              }
              const answer = await ask({ kind: 'code', grant: code })
              if (answer === 'refused')
                return { kind: 'restart', reason: 'refused', returnTo: context.returnTarget('/') }
              return finish(answer, transaction.returnTo, context)
            },
          },
          {
            method: 'POST',
            path: '/ping',
            accepts: 'same-origin',
            async handle(request) {
              if (makes('has a route that breaks')) JSON.parse(await request.text())
              return { kind: 'json', body: {} }
            },
          },
        ],
        async refresh({ refreshToken = '', accessToken, ...kept }) {
          try {
            const answer = await ask({ kind: 'refresh', grant: refreshToken })
            if (answer !== 'refused') {
              const tokens = tokensOf(answer)
              return {
                kind: 'refreshed',
                tokens: makes('gives the old access token again') ? { ...tokens, ...kept, accessToken } : tokens,
              }
            }
            if (makes('never ends a sign-in')) return { kind: 'failed', code: 'vendor/failed' }
            return { kind: 'ended', reason: 'grant_refused' }
          } catch (error) {
            if (makes('ends the sign-in when its vendor is out')) return { kind: 'ended', reason: 'out' }
            if (!(error instanceof AuthError)) throw error
            return { kind: 'failed', code: error.code }
          }
        },
        async signOut(tokens, _identity, { returnTo }) {
          if (makes('needs tokens to sign out')) (tokens as Tokens).accessToken?.toString()
          const revoked = fetch(`${issuer}/revoke`, { method: 'POST' })
          if (!makes('breaks a sign-out when its vendor is out'))
            await revoked.catch(() => emit({ type: 'provider.out' }))
          else await revoked
          return { url: new URL(`${issuer}/logout?${new URLSearchParams({ return_to: returnTo.href })}`) }
        },
        bearer: {
          issuers: [issuer],
          async verify(token) {
            const [, payload = '', signature] = token.split('.')
            const claims = readJson(atob(payload)) as { sub: string; exp: number } & JsonObject
            const isGood = signature === signatureOf(payload) || makes('takes every access token')
            const isOver = claims.exp <= clock() && !makes('takes access tokens for good')
            if (!isGood || isOver) throw new AuthError('vendor/forged', { status: 401, hint: 'It is not approved.' })
            const { sub: subject, exp: expiresAt } = claims
            return { provider: 'vendor', issuer, subject, kind: 'user', scopes: [], expiresAt, claims }
          },
        },
      }
    },
  }
}

type Context = Parameters<ReturnType<AuthProvider['mount']>['routes'][number]['handle']>[1]

function readJson(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>> | null
  } catch {
    return null
  }
}
