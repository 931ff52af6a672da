import type { ProviderRoute, Seconds } from '@latchkey/core/provider'
import { authorizationRequest } from '../client/code-flow.ts'
import { pushAuthorizationRequest } from '../client/pushed-request.ts'
import { oidcError } from '../errors/oidc-errors.ts'
import { isMaxAge } from './options.ts'
import type { RelyingParty } from './relying-party.ts'

/** What is kept, sealed in the browser, between the start of a login and its callback. */
export type LoginTransaction = {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly redirectUri: string
  readonly returnTo: string
  readonly issuedAt: Seconds
  /** The `max_age` that was asked for. */
  readonly maxAuthAgeSeconds: Seconds | null
  /** Whether the provider was asked to authenticate the user anew. */
  readonly isForced: boolean
}

/** The name of the transactions. */
export const loginTransaction = 'login'

/** The path of the route that begins a login. */
export const loginPath = '/login'

/** The path that the provider sends the browser back to. */
export const callbackPath = '/callback'

/** Begins a sign-in: `return_url`, `prompt`, `login_hint`, `max_age`. */
export function loginRoute<Name extends string>(party: RelyingParty<Name>): ProviderRoute<Name> {
  const { settings, host } = party
  return {
    method: 'GET',
    path: loginPath,
    accepts: 'navigation',
    async handle(request, context) {
      const query = new URL(request.url).searchParams
      const returnTo = context.returnTarget(single(query, 'return_url'))
      const parameters = { ...settings.authorizationParameters, ...readParameters(query) }
      const client = await party.client()
      const { url, transaction } = await authorizationRequest(client, {
        redirectUri: `${context.callbackOrigin}${host.basePath}/${settings.name}${callbackPath}`,
        scopes: settings.scopes,
        state: await context.newState(),
        parameters,
      })
      const isPushed = client.metadata.pushedAuthorizationRequestEndpoint !== undefined
      const to = isPushed ? await pushAuthorizationRequest(client, url) : url
      const maxAge = parameters['max_age']
      await context.transactions<LoginTransaction>(loginTransaction).put(transaction.state, {
        ...transaction,
        returnTo,
        issuedAt: host.clock(),
        maxAuthAgeSeconds: maxAge === undefined ? null : Number(maxAge),
        isForced: parameters['prompt']?.split(' ').includes('login') === true,
      })
      return { kind: 'redirect', to }
    },
  }
}

const prompts: readonly string[] = ['login', 'none', 'consent', 'select_account']

const mostCharacters = 320

function readParameters(query: URLSearchParams): Readonly<Record<string, string>> {
  const prompt = single(query, 'prompt')
  const loginHint = single(query, 'login_hint')
  const maxAge = single(query, 'max_age')
  if (prompt !== null && !prompts.includes(prompt)) throw invalid('prompt')
  if (loginHint !== null && loginHint.length > mostCharacters) throw invalid('login_hint')
  // No sign-in fulfils both `none` and a `max_age` of 0.
  if (maxAge !== null && (!isMaxAge(maxAge) || (prompt === 'none' && Number(maxAge) === 0))) throw invalid('max_age')
  return {
    ...(prompt !== null && { prompt }),
    ...(loginHint !== null && loginHint !== '' && { login_hint: loginHint }),
    ...(maxAge !== null && { max_age: maxAge }),
  }
}

function single(query: URLSearchParams, parameter: string): string | null {
  const [value = null, ...others] = query.getAll(parameter)
  if (others.length > 0) throw invalid(parameter)
  return value
}

function invalid(parameter: string): Error {
  return oidcError('oidc/parameter_invalid', { cause: { parameter } })
}
