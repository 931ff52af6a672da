import { expect, it } from 'vitest'
import { examplesOf, namePages } from './examples.ts'

const page = [
  '# Title',
  '',
  '```ts',
  'const one = 1',
  '```',
  '',
  '```sh',
  'pnpm test',
  '```',
  '',
  '```ts',
  'const two = 2',
  '```',
].join('\n')

const app = [
  '```ts',
  '// src/auth.ts',
  'export const auth = 1',
  '```',
  '```tsx',
  '// app/page.tsx',
  'export default () => <p />',
  '```',
  '```ts',
  '// src/auth.ts',
  'export const auth = 2',
  '```',
].join('\n')

it('finds the TypeScript blocks of a page, and nothing else', () => {
  expect(examplesOf('docs/a.md', page).map(({ file, code }) => [file, code.trim()])).toEqual([
    ['docs__a.md/3.ts', 'const one = 1\nexport {}'],
    ['docs__a.md/11.ts', 'const two = 2\nexport {}'],
  ])
})

it('gives a block the path that its first line says, and a second one of that path a place beside it', () => {
  expect(examplesOf('docs/a.md', app).map(({ file }) => file)).toEqual([
    'docs__a.md/src/auth.ts',
    'docs__a.md/app/page.tsx',
    'docs__a.md/src/auth.9.ts',
  ])
})

it('keeps the line numbers of the page', () => {
  expect(
    examplesOf('docs/a.md', page).map(({ code }) => code.split('\n').findIndex((line) => line.startsWith('const')) + 1),
  ).toEqual([4, 12])
})

it('names pages in the output of the compiler', () => {
  const output = [
    'tools/docs/examples-x/docs__a.md/3.ts(4,7): error TS2322: Type',
    '  more',
    'tools/docs/examples-x/docs__a.md/app/[...path]/route.ts(5,1): error TS1005',
  ].join('\n')
  expect(namePages(output)).toBe('docs/a.md(4,7): error TS2322: Type\n  more\ndocs/a.md(5,1): error TS1005')
})
