import type { AuthProvider, Identity, MountedProvider, Session } from '@latchkey/core/provider'
import { backChannelLogoutRoute } from './back-channel-logout.ts'
import { bearerVerifier } from './bearer.ts'
import { callbackRoute } from './callback.ts'
import { loginPath, loginRoute } from './login.ts'
import { checkProviderOptions, invalidProviderOption, type OidcProviderOptions } from './options.ts'
import { refreshIdentity, signOut } from './refresh.ts'
import { createRelyingParty, type RelyingParty } from './relying-party.ts'

/**
 * A user of a provider that {@link oidcProvider} made. Tell the compiler about yours:
 * `declare module '@latchkey/core' { interface Identities { google: OidcIdentity<'google'> } }`.
 */
export type OidcIdentity<Name extends string> = Identity<Name>

/**
 * Sign-in with any OpenID provider as routes of `createAuth`: `GET {basePath}/{name}/login` (`return_url`, `prompt`,
 * `login_hint`, `max_age`) and `GET {basePath}/{name}/callback`; by option `POST {basePath}/{name}/backchannel-logout`.
 * Register the callback and `{basePath}/logout/next` at the provider. Nothing is asked before it is needed.
 *
 * The discovery document says where the endpoints are, and nothing that protects: algorithms, the way in which the client
 * proves itself, PKCE and who the issuer is come from these options.
 *
 * @throws `core/invalid_option`, also by `createAuth` for `backChannelLogout` without a store
 */
export function oidcProvider<Name extends string>(options: OidcProviderOptions<Name>): AuthProvider<Name> {
  const settings = checkProviderOptions(options)
  return {
    name: settings.name,
    mount(host) {
      if (settings.logoutTokenTypes !== null && !host.revokesEverywhere) {
        throw invalidProviderOption('backChannelLogout', 'needs a `store`, and sessions that are not external')
      }
      const party = createRelyingParty(settings, host)
      return {
        accountIssuers: [settings.issuer],
        signInPath: loginPath,
        routes: [
          loginRoute(party),
          callbackRoute(party),
          ...(settings.logoutTokenTypes === null ? [] : [backChannelLogoutRoute(party, settings.logoutTokenTypes)]),
        ],
        bearer: settings.bearer && bearerVerifier(party, settings.bearer),
        ...identityOperations(party),
      }
    },
  }
}

type Operations<Name extends string> = Required<
  Pick<MountedProvider<Name>, 'refresh' | 'signOut' | 'formActionOrigins'>
>

function identityOperations<Name extends string>(party: RelyingParty<Name>): Operations<Name> {
  return {
    refresh: (tokens, identity) => refreshIdentity(party, tokens, identity),
    signOut: (tokens, _identity, context) => signOut(party, tokens, context),
    formActionOrigins: (session) => signOutOrigins(party, session),
  }
}

/** Where a sign-out form can end: at the provider's own origin while its document has not been read. */
function signOutOrigins({ settings, discovery }: RelyingParty, session: Session | null): readonly string[] {
  if (session === null || !Object.hasOwn(session.identities, settings.name)) return []
  const document = discovery.known()
  const endpoint = document === null ? settings.issuer : document.endpoints.end_session_endpoint
  return endpoint === undefined ? [] : [new URL(endpoint).origin]
}
