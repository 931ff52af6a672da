import { describe, expect, it } from 'vitest'
import { oidcProvider } from '../src/index.ts'
import { createApp, pathOf } from './app.ts'
import { createSigningKey } from './signing-key.ts'
import { wellKnownDocuments } from './well-known-documents.ts'

const client = { clientId: 'the-client', clientSecret: 'an-example-secret' }

describe.each(Object.entries(wellKnownDocuments))(
  'a provider whose document has the shape of %s',
  (_name, document) => {
    it('signs a user in at its own endpoints, and out', async () => {
      const key = await createSigningKey()
      const asked: string[] = []
      let nonce: string | null = null
      let proof: string | null = null
      const answer = async (url: string, init: RequestInit | undefined): Promise<object> => {
        if (url === `${document.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`) return document
        if (url === document.jwks_uri) return { keys: [key.publicJwk] }
        if (url === document.token_endpoint) {
          const form = new URLSearchParams(String(init?.body))
          proof = new Headers(init?.headers).get('authorization') ?? form.get('client_secret')
          const now = Math.floor(Date.now() / 1000)
          const claims = { iss: document.issuer, sub: 'ada', aud: client.clientId, iat: now, exp: now + 300, nonce }
          return { access_token: 'a', token_type: 'Bearer', refresh_token: 'r', id_token: await key.sign(claims) }
        }
        if (url === document['userinfo_endpoint']) return { sub: 'ada', name: 'Ada' }
        return {}
      }
      const app = createApp([
        oidcProvider({
          name: 'google',
          issuer: document.issuer,
          ...client,
          async fetch(input, init) {
            const url = String(input)
            asked.push(url)
            return Response.json(await answer(url, init))
          },
        }),
      ])
      const browser = app.browser()
      const { location } = await browser.open('/auth/google/login')
      const query = location?.searchParams ?? new URLSearchParams()
      expect(location?.href.split('?')[0]).toBe(document.authorization_endpoint)
      nonce = query.get('nonce')
      const callback = new URLSearchParams({ code: 'c', state: query.get('state') ?? '', iss: document.issuer })
      expect(pathOf(await browser.open(`/auth/google/callback?${callback}`))).toBe('/')

      const methods = document['token_endpoint_auth_methods_supported'] as readonly string[]
      const isBasic = methods.includes('client_secret_basic')
      expect(proof).toBe(isBasic ? `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}` : client.clientSecret)
      const user = (await app.auth.getSession(browser.request())).session?.user
      const hasUserinfo = typeof document['userinfo_endpoint'] === 'string'
      expect(user).toMatchObject({
        issuer: document.issuer,
        subject: 'ada',
        profile: hasUserinfo ? { name: 'Ada' } : {},
      })

      const out = await browser.submit('/auth/logout')
      expect(out.location?.href.split('?')[0]).toBe(document['end_session_endpoint'] ?? 'https://app.example/')
      expect(asked.includes(String(document['revocation_endpoint']))).toBe('revocation_endpoint' in document)
    })
  },
)
