import { assertEqual } from '../assertion.ts'
import { codeOfRejection } from './expectations.ts'
import type { ProviderApp } from './provider-app.ts'
import type { ProviderTest } from './provider-test.ts'

/** Access tokens that callers of the app's own API present. */
export const bearerContract: readonly ProviderTest[] = [
  {
    title: 'says whose it is, where the provider verifies any',
    async run(start) {
      const app = await start()
      const token = await app.vendor.bearer?.('ada')
      assertEqual(app.mounted.bearer === undefined, token === undefined, 'the double has `bearer` if the provider has')
      if (token === undefined) return
      const { bearer } = await present(app, token)
      assertEqual(
        [bearer.provider, app.mounted.bearer?.issuers.includes(bearer.claims['iss'] as string), bearer.subject !== ''],
        [app.name, true, true],
        'what a good access token says',
      )
      assertEqual(bearer.expiresAt > app.now(), true, 'whether a good token is still good')
    },
  },
  {
    title: 'is refused where it was changed, or is not signed',
    async run(start) {
      const app = await start()
      const token = await app.vendor.bearer?.('ada')
      if (token === undefined) return
      const [header = '', payload = '', signature = ''] = token.split('.')
      const other = await app.vendor.bearer?.('bob')
      const changed: Readonly<Record<string, string>> = {
        'without its signature': `${header}.${payload}.`,
        'with a signature that is changed': `${header}.${payload}.${flipped(signature)}`,
        'with the claims of another': `${header}.${other?.split('.')[1] ?? ''}.${signature}`,
        'that says it is not signed': `${btoa('{"alg":"none"}').replaceAll('=', '')}.${payload}.`,
        'that is cut': token.slice(0, -10),
      }
      for (const [what, bad] of Object.entries(changed)) {
        assertEqual(await codeOfRejection(present(app, bad)), 'auth/bearer_invalid', `the code for a token ${what}`)
      }
    },
  },
  {
    title: 'is refused when it has expired',
    async run(start) {
      const app = await start()
      const token = await app.vendor.bearer?.('ada')
      if (token === undefined) return
      const { bearer } = await present(app, token)
      app.pass(bearer.expiresAt - app.now() + 1)
      assertEqual(await codeOfRejection(present(app, token)), 'auth/bearer_invalid', 'the code for an expired token')
    },
  },
]

function present({ auth, browser }: ProviderApp, token: string): ReturnType<ProviderApp['auth']['requireBearer']> {
  const request = browser().request('/api', { headers: { authorization: `Bearer ${token}` } })
  return auth.requireBearer(request, { kind: 'any' })
}

/** Another text of the same letters: the one in the middle is changed. */
function flipped(text: string): string {
  const middle = Math.floor(text.length / 2)
  return text.slice(0, middle) + (text[middle] === 'A' ? 'B' : 'A') + text.slice(middle + 1)
}
