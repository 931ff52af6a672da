import { providerContract, type VendorDouble } from '@latchkey/testkit'
import { describe, it } from 'vitest'
import { oidcProvider } from '../src/index.ts'
import { clientId, issuer } from './fake-provider.ts'
import { createSigningKey } from './signing-key.ts'

const audience = 'https://api.app.example'
const clientSecret = 'the-secret-canary'
const key = await createSigningKey()

/** An OpenID provider that knows everyone by the name that it is told. */
function createDouble(clock: () => number): VendorDouble {
  const canaries = [clientSecret, 'canary@example.com']
  const logins = new Map<string, { readonly subject: string; readonly nonce: string }>()
  const grants = new Map<string, string>()
  let plan: 'refreshed' | 'failed' | 'ended' = 'refreshed'
  const secret = (): string => {
    const made = `canary-${crypto.randomUUID()}`
    canaries.push(made)
    return made
  }
  const claimsOf = (subject: string) => ({ iss: issuer, sub: subject, iat: clock(), exp: clock() + 300 })
  async function tokensOf(subject: string, nonce?: string): Promise<Response> {
    const [access_token, refresh_token] = [secret(), secret()]
    grants.set(refresh_token, subject)
    const profile = { name: 'Canary', email: 'canary@example.com' }
    const id_token = await key.sign({ ...claimsOf(subject), aud: clientId, nonce, ...profile })
    canaries.push(id_token)
    return Response.json({ access_token, refresh_token, id_token, token_type: 'Bearer', expires_in: 300 })
  }
  const refusal = (error: string) => Response.json({ error }, { status: 400 })
  function token(form: URLSearchParams): Promise<Response> | Response {
    const [code, spent] = [form.get('code') ?? '', form.get('refresh_token') ?? '']
    const [login, subject] = [logins.get(code), grants.get(spent)]
    logins.delete(code)
    if (login !== undefined) return tokensOf(login.subject, login.nonce)
    if (subject === undefined || plan === 'ended') return refusal('invalid_grant')
    if (plan === 'failed') return Response.json({}, { status: 503 })
    grants.delete(spent)
    return tokensOf(subject)
  }
  return {
    canaries,
    authorize(url, { subject, outcome }) {
      const { searchParams } = url
      const callback = new URL(searchParams.get('redirect_uri') ?? '')
      callback.searchParams.set('state', searchParams.get('state') ?? '')
      callback.searchParams.set('iss', issuer)
      if (outcome === 'denied') callback.searchParams.set('error', 'access_denied')
      else {
        const code = secret()
        logins.set(code, { subject, nonce: searchParams.get('nonce') ?? '' })
        callback.searchParams.set('code', code)
      }
      return callback
    },
    async answer(request) {
      switch (new URL(request.url).pathname) {
        case '/.well-known/openid-configuration':
          return Response.json({
            issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            jwks_uri: `${issuer}/jwks`,
            revocation_endpoint: `${issuer}/revoke`,
            end_session_endpoint: `${issuer}/end`,
          })
        case '/jwks':
          return Response.json({ keys: [key.publicJwk] })
        case '/token':
          return token(new URLSearchParams(await request.text()))
        case '/revoke':
          return new Response(null, { status: 200 })
        default:
          return new Response(null, { status: 404 })
      }
    },
    planRefresh(outcome) {
      plan = outcome
    },
    async bearer(subject) {
      const made = await key.sign({ ...claimsOf(subject), aud: audience }, { typ: 'at+jwt' })
      canaries.push(made)
      return made
    },
  }
}

providerContract({
  describe,
  it,
  create({ fetch, clock }) {
    const provider = oidcProvider({
      name: 'google',
      issuer,
      clientId,
      clientSecret,
      bearer: { audience },
      backChannelLogout: true,
      fetch,
    })
    return { provider, vendor: createDouble(clock) }
  },
})
