import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** What is imported while an app starts and answers requests to guarded routes. */
async function importsOfGuardedRoutes(): Promise<readonly string[]> {
  const script = `
    import { registerHooks } from 'node:module'
    const seen = new Set()
    registerHooks({ resolve: (specifier, context, next) => { seen.add(specifier); return next(specifier, context) } })
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
    auth.formActionOrigins()
    console.log(JSON.stringify([...seen]))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=latchkey:source', '--input-type=module', '--eval', script],
    { cwd: import.meta.dirname },
  )
  return JSON.parse(stdout) as string[]
}

it('loads neither what answers our routes nor what speaks to Wristband for guarded routes', async () => {
  const imports = await importsOfGuardedRoutes()
  expect(imports).toContain('@latchkey/core-wristband')
  const unneeded = ['@latchkey/oidc', '@latchkey/oidc/verify', '@latchkey/core/http', '#fetch', 'zod/mini']
  expect(imports.filter((name) => unneeded.includes(name) || /\/(?:protocol|answering)\.ts$/.test(name))).toEqual([])
})
