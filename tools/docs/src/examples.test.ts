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

it('finds the TypeScript blocks of a page, and nothing else', () => {
  expect(examplesOf('docs/a.md', page).map(({ file, code }) => [file, code.trim()])).toEqual([
    ['docs__a.md.3.ts', 'const one = 1\nexport {}'],
    ['docs__a.md.11.ts', 'const two = 2\nexport {}'],
  ])
})

it('keeps the line numbers of the page', () => {
  expect(
    examplesOf('docs/a.md', page).map(({ code }) => code.split('\n').findIndex((line) => line.startsWith('const')) + 1),
  ).toEqual([4, 12])
})

it('names pages in the output of the compiler', () => {
  const output = `tools/docs/examples-x/docs__a.md.3.ts(4,7): error TS2322: Type\n  more`
  expect(namePages(output)).toBe('docs/a.md(4,7): error TS2322: Type\n  more')
})
