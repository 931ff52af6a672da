import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { layOutApp, next16 } from './lay-out-app.ts'
import { buildApp } from './next-command.ts'

it('a part of a page that Next caches reads no session: the build fails', { timeout: 300_000 }, async () => {
  const app = layOutApp('cached-app', 'cached', next16, { cacheComponents: true })
  // Next compiles what is in the folder of an app.
  cpSync(join(import.meta.dirname, 'fixture-app/lib/acme.ts'), join(app, 'lib/acme.ts'))
  const { status, output } = await buildApp(app)
  expect([status, output]).toEqual([1, expect.stringContaining('`headers()` can\'t be read inside `"use cache"`')])
})
