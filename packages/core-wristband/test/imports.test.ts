import { importsDuring } from '@latchkey/tool-test-support'
import { expect, it } from 'vitest'

const startAndGuardRoutes = `
  const { createAuth } = await import('@latchkey/core')
  const { wristbandProvider } = await import('@latchkey/core-wristband')
  const client = { clientId: 'the-client', clientSecret: 'a-secret', applicationDomain: 'app.example' }
  const auth = createAuth({
    baseUrl: 'https://web.example',
    secret: 'a-secret-of-at-least-thirty-two-bytes',
    providers: [wristbandProvider({ ...client, tenancy: { kind: 'query' } })],
  })
  const request = new Request('https://web.example/me', { headers: { authorization: 'Bearer none' } })
  await auth.getSession(request)
  await auth.requireSession(request).catch(() => {})
  await auth.requireBearer(request).catch(() => {})
  auth.formActionOrigins()`

it('loads neither what answers our routes nor what speaks to Wristband for guarded routes', async () => {
  const imports = await importsDuring(startAndGuardRoutes, import.meta.dirname)
  expect(imports).toContain('@latchkey/core-wristband')
  const unneeded = ['@latchkey/oidc', '@latchkey/oidc/verify', '@latchkey/core/http', '#fetch', 'zod/mini']
  expect(imports.filter((name) => unneeded.includes(name) || /\/(?:protocol|answering)\.ts$/.test(name))).toEqual([])
})
