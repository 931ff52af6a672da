import { expect, it } from 'vitest'
import { readGuide } from './guide.ts'

const page = [
  '# Title',
  '```sh',
  'npm install something-else',
  '```',
  '## In a bare app',
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
  ['that section', '## In a bare app', '## Elsewhere'],
  ['what to install', 'npm install @latchkey/core', 'npm ls'],
  ['commands', 'npm run build\nnpm start\n', ''],
])('refuses a guide without %s', (_, part, other) => {
  expect(() => readGuide(page.replace(part, other))).toThrow('In a bare app')
})
