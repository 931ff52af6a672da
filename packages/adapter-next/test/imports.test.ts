import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { layOutApp, nextVersions } from './lay-out-app.ts'

describe('the package as it is built', () => {
  it('is imported by plain Node, as in a test or a custom server', () => {
    const program = `
      const { latchkey } = await import('@latchkey/adapter-next')
      const { handlers } = latchkey({ routes: [], handle: async () => new Response('answered') })
      const { NextRequest } = await import('next/server.js')
      const response = await handlers.GET(new NextRequest('https://app.example/auth/session'))
      console.log(await response.text())
    `
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: join(import.meta.dirname, '..'),
      encoding: 'utf8',
    })
    expect(output).toBe('answered\n')
  })

  it.each(nextVersions.flatMap((next) => ['external', 'inlined'].map((how) => ({ ...next, how }))))(
    'is imported by Vitest in an app of Next $version, $how',
    ({ how, ...next }) => {
      const app = layOutApp('live-app', `vitest-${next.version}-${how}`, next)
      const inline = how === 'inlined' ? '[/@latchkey/]' : '[]'
      writeFileSync(
        join(app, 'vitest.config.mjs'),
        `export default { test: { server: { deps: { inline: ${inline} } } } }`,
      )
      writeFileSync(join(app, 'auth.test.ts'), test)
      const vitest = join(import.meta.dirname, '../../../node_modules/vitest/vitest.mjs')
      const { PATH = '', HOME = '' } = process.env
      const output = execFileSync(process.execPath, [vitest, 'run', '--root', app], {
        cwd: app,
        encoding: 'utf8',
        env: { PATH, HOME, NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      expect(output).toContain('1 passed')
    },
  )
})

const test = `
  import { latchkey } from '@latchkey/adapter-next'
  import { NextRequest } from 'next/server'
  import { expect, it } from 'vitest'

  it('answers', async () => {
    const { handlers } = latchkey({ routes: [], handle: async () => new Response('answered') } as never)
    const response = await handlers.GET(new NextRequest('https://app.example/auth/session'))
    expect(await response.text()).toBe('answered')
  })
`
