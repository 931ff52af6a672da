import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { layOutApp, next16, nextVersions } from './lay-out-app.ts'
import { buildApp } from './next-command.ts'

const deadline = 300_000

describe('next build', () => {
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

  it('refuses a part of a page that Next caches, and that reads a session', { timeout: deadline }, async () => {
    const app = layOutApp('cached-app', 'cached', next16, { cacheComponents: true })
    // Next compiles what is in the folder of an app.
    cpSync(join(import.meta.dirname, 'fixture-app/lib/acme.ts'), join(app, 'lib/acme.ts'))
    const { status, output } = await buildApp(app)
    expect([status, output]).toEqual([1, expect.stringContaining('`headers()` can\'t be read inside `"use cache"`')])
  })
})
