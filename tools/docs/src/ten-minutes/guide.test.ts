import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readGuide, readPrograms } from './guide.ts'

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

it('the first program of the README has at most 16 lines', () => {
  const [program = ''] = readPrograms(readFileSync(join(import.meta.dirname, '../../../../README.md'), 'utf8'))
  expect(program).toContain('createAuth')
  expect(program.trimEnd().split('\n').length).toBeLessThanOrEqual(16)
})
