import type { Identity, InstalledProvider, ProviderName } from '../src/index.ts'
import { AuthError, type JsonObject, type Tokens } from '../src/provider.ts'

declare module '../src/model/identity.ts' {
  interface Identities {
    acme: Identity<'acme'>
    acmetwo: Identity<'acmetwo'>
    beta: Identity<'beta'>
  }
}

/** Who signs in, as the imaginary vendor says it at the callback. */
export type Assertion = Partial<Omit<Identity, 'provider' | 'signedInAt'>> & {
  readonly tokens?: Tokens
  /** What the vendor calls its session. */
  readonly sid?: string
}

export interface AcmeOptions {
  readonly signOut?: NonNullable<ReturnType<InstalledProvider['mount']>['signOut']>
  /** Beside the issuer that it signs users in for by itself. */
  readonly accountIssuers?: readonly string[]
  /** Leaves `checkState` out, as a careless provider would. */
  readonly careless?: boolean
  /** What a callback with `?throw` throws. */
  readonly failure?: unknown
}

/**
 * A small provider of a third party: it believes what its vendor's redirect says. Names that no app could give it are
 * tested too, hence the text.
 */
export function acme(name: string, options: AcmeOptions = {}): InstalledProvider {
  return {
    name: name as ProviderName,
    mount: () => ({
      accountIssuers: [`https://${name}.example`, ...(options.accountIssuers ?? [])],
      signInPath: '/login',
      routes: [
        {
          method: 'GET',
          path: '/login',
          accepts: 'navigation',
          async handle(request, context) {
            const state = await context.newState()
            const query = new URL(request.url).searchParams
            const returnTo = context.returnTarget(query.get('return_url'))
            if (query.has('discover')) {
              const to = new URL(`https://${name}.example/discover`)
              to.searchParams.set('state', await context.newTicket(returnTo))
              return { kind: 'redirect', to }
            }
            await context.transactions<{ returnTo: string }>('login').put(state, { returnTo })
            return { kind: 'redirect', to: new URL(`https://${name}.example/authorize?state=${state}`) }
          },
        },
        {
          method: 'GET',
          path: '/callback',
          accepts: 'provider-callback',
          async handle(request, context) {
            const query = new URL(request.url).searchParams
            const given = query.get('state')
            const state = options.careless ? (given ?? '') : await context.checkState(given)
            const transaction = await context.transactions<{ returnTo: string }>('login').take(state)
            const returnTo = context.returnTarget(transaction?.returnTo)
            if (transaction === null) return { kind: 'restart', reason: 'missing_login_state', returnTo }
            if (query.has('again'))
              return { kind: 'restart', reason: 'login_required', query: { hint: 'a&b' }, returnTo }
            if (query.has('throw')) throw options.failure
            if (query.has('error')) throw new AuthError('acme/denied', { status: 403, hint: 'The vendor said no.' })
            const { tokens, sid, ...identity } = JSON.parse(query.get('assertion') ?? '{}') as Assertion
            const proven = { issuer: `https://${name}.example`, subject: 'ada', profile: {}, ...identity }
            return { kind: 'signed-in', identity: proven, ...(tokens && { tokens }), ...(sid && { sid }), returnTo }
          },
        },
        {
          method: 'GET',
          path: '/cancel',
          accepts: 'provider-callback',
          async handle(_request, context) {
            await context.transactions('login').clear()
            return { kind: 'json', body: {} }
          },
        },
        {
          method: 'POST',
          path: '/launch',
          accepts: 'same-origin',
          async handle(_request, context) {
            context.emit({ type: 'provider.launched' })
            return { kind: 'json', body: Object.fromEntries(await context.fields()) }
          },
        },
        {
          method: 'GET',
          path: '/context',
          accepts: 'any',
          async handle(_request, context) {
            const tokens = await context.tokens()
            const { session, tenant, origin, frameworkRequest } = context
            const body = { session, tokens, tenant, origin, frameworkRequest }
            return { kind: 'json', body: body as unknown as JsonObject }
          },
        },
        {
          method: 'GET',
          path: '/page',
          accepts: 'any',
          handle: async () => new Response('<p>', { headers: { 'cache-control': 'public' } }),
        },
      ],
      ...(options.signOut && { signOut: options.signOut }),
      formActionOrigins: () => [`https://${name}.example`],
    }),
  }
}
