import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const files = [...readme.matchAll(/^```tsx\n\/\/ (\S+)\n([\s\S]*?)^```/gm)].map(([, path = '', code = '']) => ({
  path,
  code,
}))

describe('the README', () => {
  it.each(files)('shows of $path what the built app has', ({ path, code }) => {
    const built = readFileSync(join(import.meta.dirname, 'fixture-app', path), 'utf8').split('\n')
    let position = -1
    for (const line of code.split('\n')) {
      position = built.indexOf(line, position + 1)
      expect([line, position]).not.toEqual([line, -1])
    }
    expect(files).toHaveLength(11)
  })
})
