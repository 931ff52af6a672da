import { describe, expect, it } from 'vitest'
import { checkWorkspace } from './check-workspace.ts'
import type { Manifest } from './workspace.ts'

interface Fixture {
  readonly at: string
  readonly text: string
  readonly manifest?: Manifest
}

/** Checks one file. Everything that it could want is declared, unless a manifest is given. */
function check({ at, text, manifest }: Fixture): readonly string[] {
  const [, folder = '', path = ''] = /^(\w+\/[\w-]+)\/(.*)$/.exec(at) ?? []
  return checkWorkspace({
    manifest: { devDependencies: { vitest: '5' } },
    packages: [{ folder, manifest: manifest ?? everything, files: [{ path, text }] }],
  }).filter((finding) => !finding.includes('package.json'))
}

const ours = ['core', 'oidc', 'core-wink', 'core-wise', 'adapter-fastify', 'emulator', 'testkit', 'tool-services']
const everything: Manifest = {
  dependencies: { fastify: '5', ...Object.fromEntries(ours.map((name) => [`@latchkey/${name}`, '1'])) },
}

describe('arrows', () => {
  it.each([
    ['packages/core', 'oidc'],
    ['packages/core', 'emulator'],
    ['packages/oidc', 'core-wink'],
    ['packages/core-wink', 'core-wise'],
    ['packages/core-wink', 'adapter-fastify'],
    ['packages/core-wise', 'oidc'],
    ['packages/core-wise', 'testkit'],
    ['packages/adapter-fastify', 'core-wise'],
    ['packages/adapter-fastify', 'oidc'],
    ['packages/emulator', 'core'],
    ['apps/demo', 'emulator'],
  ])('refuses an import of another package: %s → %s', (folder, target) => {
    const findings = check({ at: `${folder}/src/a.ts`, text: `import { x } from '@latchkey/${target}'` })
    expect(findings).toContainEqual(expect.stringMatching(/no arrow|for tests/))
  })

  it.each([
    `import type { X } from '@latchkey/oidc'`,
    `import { type X } from '@latchkey/oidc/verify'`,
    `import '@latchkey/oidc'`,
    `export { x } from '@latchkey/oidc'`,
    `export type { X } from '@latchkey/oidc'`,
    `const x = await import('@latchkey/oidc')`,
    `type X = import('@latchkey/oidc').X`,
  ])('sees %s', (text) => {
    expect(check({ at: 'packages/core-wise/src/a.ts', text })).toEqual([
      'packages/core-wise/src/a.ts:1 no arrow leads from core-wise to oidc',
    ])
  })

  it('refuses a relative import that leaves the package', () => {
    expect(check({ at: 'packages/oidc/src/a.ts', text: `import { x } from '../../core/src/index.ts'` })).toHaveLength(1)
  })

  it('refuses a manifest against the arrows, and a package that the design does not know', () => {
    const manifest = { dependencies: { '@latchkey/oidc': 'workspace:^' } }
    const packages = ['packages/adapter-fastify', 'packages/core-unheard-of'].map((folder) => ({
      folder,
      manifest,
      files: [],
    }))
    expect(checkWorkspace({ manifest: {}, packages })).toEqual([
      'packages/adapter-fastify/package.json:1 no arrow leads from adapter-fastify to oidc: drop the dependency',
      'packages/core-unheard-of/package.json:1 packages/core-unheard-of is not in the arrows of tools/boundaries',
    ])
  })

  it.each([
    ['packages/core-wink/src/a.ts', '@latchkey/oidc'],
    ['packages/adapter-fastify/src/a.ts', '@latchkey/core/adapter'],
    ['packages/core-wristband/src/a.test.ts', '@latchkey/emulator'],
    ['packages/core/src/a.ts', './request/origins.ts'],
    ['apps/demo/src/run.ts', '@latchkey/emulator'],
    ['apps/demo/src/run/missing-systems.ts', '@latchkey/emulator'],
    ['apps/demo/src/app.ts', '@latchkey/core-wise'],
    ['apps/demo/test/a.test.ts', '@latchkey/tool-services'],
  ])('lets %s import %s', (at, specifier) => {
    expect(check({ at, text: `import { x } from '${specifier}'` })).toEqual([])
  })
})

describe('dependencies', () => {
  const manifest = { dependencies: { jose: '6' }, peerDependencies: { fastify: '5' }, devDependencies: { msw: '3' } }

  it.each(['zod', 'zod/mini', '@scope/thing/deep', 'msw', 'vitest'])(
    'refuses %s, which is not declared',
    (specifier) => {
      expect(check({ at: 'packages/core/src/a.ts', text: `import '${specifier}'`, manifest })).toHaveLength(1)
    },
  )

  it('lets tools use what is for development, for nothing of them is published', () => {
    expect(check({ at: 'tools/load/src/a.ts', text: `import 'msw'`, manifest })).toEqual([])
  })

  it('lets tests use what is for development, of the package and of the root', () => {
    expect(check({ at: 'packages/core/src/a.test.ts', text: `import 'msw'; import 'vitest'`, manifest })).toEqual([])
  })

  it('takes dependencies, peers, subpaths and imports of its own', () => {
    const text = `import 'jose'; import 'jose/jwt/verify'; import 'fastify'; import '#crypto'`
    expect(check({ at: 'packages/core/src/a.ts', text, manifest })).toEqual([])
  })
})

describe('provider names', () => {
  it.each(['const winkToken = 1', 'createWise()', '// as WRISTBAND does', `'wise/unsafe_path'`])(
    'refuses %s',
    (text) => {
      for (const folder of ['core', 'oidc', 'adapter-fastify']) {
        expect(check({ at: `packages/${folder}/src/a.ts`, text })).toHaveLength(1)
      }
    },
  )

  it('knows a word from a name, and leaves providers and tests alone', () => {
    expect(check({ at: 'packages/core/src/a.ts', text: '// likewise, otherwise, in a twinkle, pairwise' })).toEqual([])
    expect(check({ at: 'packages/core/src/a.test.ts', text: `'wise'` })).toEqual([])
    expect(check({ at: 'packages/core-wise/src/a.ts', text: `'wise'` })).toEqual([])
  })
})

describe('platform', () => {
  it.each([
    `import { x } from 'node:fs'`,
    `import { x } from 'crypto'`,
    `import type { X } from 'node:http'`,
    'Buffer.from(x)',
    'let x: Buffer',
    'process.env.X',
    'globalThis.process',
    'const { x } = process',
    'const x = { Buffer }',
    'setImmediate(x)',
  ])('refuses %s in a core', (text) => {
    expect(check({ at: 'packages/core-wise/src/a.ts', text })).toHaveLength(1)
    expect(check({ at: 'packages/core/src/crypto/web.ts', text })).toHaveLength(1)
  })

  it.each([
    'packages/core/src/crypto/node.ts',
    'packages/core/src/a.test.ts',
    'packages/adapter-fastify/src/a.ts',
    'packages/emulator/src/a.ts',
    'apps/demo/src/a.ts',
    'tools/docs/src/a.ts',
  ])('lets %s use Node', (at) => {
    expect(check({ at, text: `import 'node:fs'; Buffer.from(process.title)` })).toEqual([])
  })

  it('does not take a key or a member for a global', () => {
    const text = 'const a = { process: 1 }; a.process; class B { process() {} }; interface C { global: 1 }'
    expect(check({ at: 'packages/core/src/a.ts', text })).toEqual([])
  })
})

describe('file shape', () => {
  it('refuses more than 300 lines', () => {
    expect(check({ at: 'packages/core/src/a.ts', text: '//\n'.repeat(300) })).toEqual([])
    expect(check({ at: 'packages/core/src/a.ts', text: '//\n'.repeat(301) })).toHaveLength(1)
  })

  it.each(['utils.ts', 'util.ts', 'helpers.ts', 'common/a.ts', 'misc.ts', 'session/types.ts'])(
    'refuses the name %s',
    (name) => {
      expect(check({ at: `packages/core/src/${name}`, text: '' })).toHaveLength(1)
    },
  )
})

describe('published code', () => {
  it.each([
    `export * from './a.ts'`,
    `export * as a from './a.ts'`,
    `export type * from './a.ts'`,
    'export default 1',
    `export { a as default } from './a.ts'`,
    'Math.random()',
    `console.log('x')`,
  ])('refuses %s', (text) => {
    expect(check({ at: 'packages/core/src/a.ts', text })).toHaveLength(1)
    expect(check({ at: 'packages/core/src/a.test.ts', text })).toEqual([])
    expect(check({ at: 'apps/demo/src/a.ts', text })).toEqual([])
  })

  it('lets a Fastify plugin be a default export, and a command print', () => {
    expect(check({ at: 'packages/adapter-fastify/src/index.ts', text: 'export default 1' })).toEqual([])
    expect(check({ at: 'packages/emulator/src/command.ts', text: `console.info('ready')` })).toEqual([])
  })
})

it('names the file and the line', () => {
  expect(check({ at: 'packages/core/src/a.ts', text: '\n\nMath.random()' })).toEqual([
    'packages/core/src/a.ts:3 Math.random is guessable: use crypto.getRandomValues',
  ])
})

it('says which file does not parse', () => {
  expect(() => check({ at: 'packages/core/src/a.ts', text: 'const = 1' })).toThrow(
    'packages/core/src/a.ts does not parse',
  )
})
