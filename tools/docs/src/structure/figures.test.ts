import { describe, expect, it } from 'vitest'
import { figuresOf } from './figures.ts'
import { type SourceFile, sourceFile } from './source-files.ts'

/** Measures files that consist of these lines. */
function measure(files: Readonly<Record<string, string>>, configuration: readonly string[] = []) {
  const sources: readonly SourceFile[] = Object.entries(files).map(([path, text]) => sourceFile(path, text))
  const [cycles, upward, configured, lines] = figuresOf(sources, configuration)
  return { cycles, upward, configured, lines }
}

describe('cycles of files', () => {
  it.each([
    `import { b } from './b.ts'`,
    `import type { B } from './b.ts'`,
    `export type { B } from './b.ts'`,
    `const { b } = await import('./b.ts')`,
    `type B = import('./b.ts').B`,
    `import {\n  b,\n} from './b.ts'`,
  ])('are closed by %s', (text) => {
    const { cycles } = measure({
      'packages/a/src/a.ts': text,
      'packages/a/src/b.ts': `import type { C } from './c/c.ts'`,
      'packages/a/src/c/c.ts': `import '../a.ts'`,
    })
    expect(cycles?.found).toHaveLength(1)
  })

  it('are none where files are used by several, or named in a comment', () => {
    const { cycles } = measure({
      'packages/a/src/a.ts': `import './b.ts'\nimport './c.ts'`,
      'packages/a/src/b.ts': `import './c.ts'`,
      'packages/a/src/c.ts': `// import './a.ts'\n/** as in: import './b.ts' */`,
    })
    expect(cycles?.value).toBe(0)
  })
})

describe('imports that look up', () => {
  it.each([
    ['core/src/session/a.ts', '../guard/b.ts'],
    ['core/src/model/a.ts', '../errors/b.ts'],
    ['core/src/model/a.ts', '../index.ts'],
    ['core/src/new-folder/a.ts', '../model/time.ts'],
    ['oidc/src/verify/a.test.ts', '../client/b.ts', 0],
    ['oidc/src/verify/a.ts', '../client/b.ts'],
    ['core-wink/src/page/a.ts', '../model/b.ts'],
    ['core-wink/src/routes/a.ts', '../page/b.ts'],
    ['core/src/guard/a.ts', '../session/b.ts', 0],
    ['core/src/index.ts', './model/b.ts', 0],
    ['core/src/model/a.ts', './b.ts', 0],
    ['store-redis/src/a.ts', '../b.ts', 0],
  ] as const)('in %s: %s', (path, specifier, expected: number = 1) => {
    const { upward } = measure({ [`packages/${path}`]: `import type { X } from '${specifier}'` })
    expect(upward?.value).toBe(expected)
  })
})

it('counts configuration files, and lines of tools and core without tests', () => {
  const { configured, lines } = measure(
    {
      'tools/a/src/a.ts': '1\n2\n',
      'tools/a/src/a.test.ts': '1\n2\n3\n',
      'tools/a/test/b.ts': '1\n',
      'packages/core/src/a.ts': '1\n2\n3\n',
    },
    ['package.json'],
  )
  expect([configured?.value, configured?.most, lines?.value, lines?.most]).toEqual([1, 68, 2, 3])
})
