import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

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
})
