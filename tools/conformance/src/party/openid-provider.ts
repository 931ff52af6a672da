import type { AuthProvider, ReturnTarget } from '@latchkey/core/provider'
import {
  authorizationRequest,
  createOidcClient,
  exchangeCode,
  type OidcTransaction,
  requestUserinfo,
} from '@latchkey/oidc'
import { registration, user } from '../provider/registration.ts'
import type { PartySetup } from './party.ts'

type Transaction = Record<keyof OidcTransaction, string> & { readonly returnTo: string }

/** Any OpenID provider, for what Wristband's protocol has no word for: metadata that promises `iss` in the callback. */
export function openidProvider({ provider: { issuer, domain }, clock }: PartySetup): AuthProvider<'openid'> {
  const endpoint = (name: string): string => `${issuer}/api/v1/oauth2/${name}`
  const client = createOidcClient(
    {
      issuers: [issuer],
      authorizationEndpoint: `http://${user.tenant}.${domain}/api/v1/oauth2/authorize`,
      tokenEndpoint: endpoint('token'),
      userinfoEndpoint: endpoint('userinfo'),
      jwksUri: endpoint('jwks'),
      authorizationResponseIssuer: 'required',
    },
    {
      clientId: registration.clientId,
      clientAuthentication: { kind: 'client_secret_basic', secret: registration.clientSecret },
      clock: () => clock.now,
    },
  )
  return {
    name: 'openid',
    mount: ({ basePath }) => ({
      accountIssuers: [issuer],
      signInPath: '/login',
      routes: [
        {
          method: 'GET',
          path: '/login',
          accepts: 'navigation',
          async handle(request, context) {
            const returnTo: ReturnTarget = context.returnTarget(new URL(request.url).searchParams.get('return_url'))
            const state = await context.newState()
            const redirectUri = `${context.origin}${basePath}/openid/callback`
            const { url, transaction } = await authorizationRequest(client, {
              redirectUri,
              scopes: ['openid'],
              state,
            })
            await context.transactions<Transaction>('login').put(state, { ...transaction, returnTo })
            return { kind: 'redirect', to: url }
          },
        },
        {
          method: 'GET',
          path: '/callback',
          accepts: 'provider-callback',
          async handle(request, context) {
            const callback = new URL(request.url)
            const state = await context.checkState(callback.searchParams.get('state'))
            const transaction = await context.transactions<Transaction>('login').take(state)
            const returnTo = context.returnTarget(transaction?.returnTo)
            if (transaction === null) return { kind: 'restart', reason: 'missing_login_state', returnTo }
            const result = await exchangeCode(client, callback, transaction)
            if (result.kind === 'refused') return { kind: 'restart', reason: result.error, returnTo }
            const { claims, tokens } = result
            const subject = claims.sub as string
            await requestUserinfo(client, { accessToken: tokens.accessToken, subject })
            return { kind: 'signed-in', identity: { issuer, subject, profile: {} }, returnTo }
          },
        },
      ],
    }),
  }
}
