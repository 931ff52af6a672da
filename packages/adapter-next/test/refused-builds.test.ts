import { describe, expect, it } from 'vitest'
import { layOutApp, nextVersions } from './lay-out-app.ts'
import { buildApp } from './next-command.ts'

const deadline = 300_000

describe('next build', () => {
  it.each(nextVersions)(
    'of Next $version takes what `route` makes, with and without a type for the context',
    { timeout: deadline },
    async ({ version, linked }) => {
      const app = layOutApp('route-app', `next-${version}`, { version, linked })
      const { status, output } = await buildApp(app, linked.next)
      expect([status, output]).toEqual([0, expect.stringContaining(`Next.js ${version}.`)])
      // Of Next 15 the proxy is middleware on the edge, where it warns of what it takes for Node's.
      expect(output).not.toMatch(/warning|not supported/i)
      for (const path of ['/api/plain', '/api/orders/[id]', '/api/files/[[...path]]', '/auth/[...path]', '/account']) {
        expect(output).toContain(`ƒ ${path}`)
      }
      expect(output).toMatch(/ƒ (?:Middleware|Proxy)/)
    },
  )

  it.each(nextVersions)(
    'of Next $version refuses a client component that imports the package, and says which',
    { timeout: deadline },
    async ({ version, linked }) => {
      const app = layOutApp('misuse-app', `misuse-${version}`, { version, linked })
      const { status, output } = await buildApp(app, linked.next)
      expect(status).toBe(1)
      expect(output).toMatch(/@latchkey\/adapter-next/)
      expect(output).toContain('app/page.tsx')
    },
  )
})
