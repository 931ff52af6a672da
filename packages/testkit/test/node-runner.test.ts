import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('runs under node:test as well', () => {
  const file = fileURLToPath(new URL('./node-runner.ts', import.meta.url))
  const options = ['--conditions=latchkey:source', '--test', '--test-reporter=tap', file]
  const { status, stdout } = spawnSync(process.execPath, options, { encoding: 'utf8' })
  expect(stdout).toMatch(/^# tests 26\n/m)
  expect(stdout).toMatch(/^# pass 26\n/m)
  expect(status).toBe(0)
})
