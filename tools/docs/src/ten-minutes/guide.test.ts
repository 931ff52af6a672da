import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { apps } from '../../test/ten-minutes/apps.ts'
import { readGuide, readPrograms } from './guide.ts'

const root = join(import.meta.dirname, '../../../..')
const page = [
  '# Title',
  '```sh',
  'npm install something-else',
  '```',
  '## Add it to your app',
  '```sh',
  'npm install @latchkey/core @latchkey/adapter-x',
  '```',
  'then',
  '```sh',
  '# .env',
  'BASE_URL=http://localhost:3000',
  '```',
  '```ts',
  '// app/[id]/route.ts',
  'export const one = 1',
  '```',
  '```sh',
  'npm run build',
  'npm start',
  '```',
  '## Later',
  '```ts',
  '// later.ts',
  '```',
].join('\n')

it('reads what to install, to write and to run in a bare app, and nothing of what comes later', () => {
  expect(readGuide(page)).toEqual({
    packages: ['@latchkey/core', '@latchkey/adapter-x'],
    files: [
      { path: '.env', text: '# .env\nBASE_URL=http://localhost:3000\n' },
      { path: 'app/[id]/route.ts', text: '// app/[id]/route.ts\nexport const one = 1\n' },
    ],
    commands: ['npm run build', 'npm start'],
  })
})

it.each([
  ['that section', '## Add it to your app', '## Elsewhere'],
  ['what to install', 'npm install @latchkey/core', 'npm ls'],
  ['commands', 'npm run build\nnpm start\n', ''],
])('refuses a guide without %s', (_, part, other) => {
  expect(() => readGuide(page.replace(part, other))).toThrow('Add it to your app')
})

it('reads a whole page, and several installations', () => {
  expect(readGuide(page, null)).toMatchObject({
    packages: ['something-else', '@latchkey/core', '@latchkey/adapter-x'],
    files: [{ path: '.env' }, { path: 'app/[id]/route.ts' }, { path: 'later.ts' }],
  })
})

it.each(globSync('packages/*', { cwd: root }).map((path) => basename(path)))('the README of %s is followed', (name) => {
  const { sections = [undefined], page: other, isExtra } = apps[name] ?? {}
  expect([apps[name]?.check instanceof Function, other, isExtra]).toEqual([true, undefined, undefined])
  const readme = readFileSync(join(root, 'packages', name, 'README.md'), 'utf8')
  for (const heading of sections) expect(readGuide(readme, heading).files).not.toEqual([])
})

it('the first program of the README has at most 16 lines', () => {
  const [program = ''] = readPrograms(readFileSync(join(root, 'README.md'), 'utf8'))
  expect(program).toContain('createAuth')
  expect(program.trimEnd().split('\n').length).toBeLessThanOrEqual(16)
})
