import { describe, expect, it } from 'vitest'
import { findingsIn, findingsInManifest, type Manifest } from './boundaries.ts'
import { sourceFile } from './source-files.ts'

const check = (path: string, text: string, manifest: Manifest = {}): readonly string[] =>
  findingsIn(sourceFile(path, text), manifest)

describe('provider names', () => {
  it.each(['const winkToken = 1', 'createWise()', '// as WRISTBAND does', `'wise/unsafe_path'`])(
    'are refused: %s',
    (text) => {
      for (const name of ['core', 'oidc', 'adapter-fastify']) {
        expect(check(`packages/${name}/src/a.ts`, text)).toHaveLength(1)
      }
    },
  )

  it('are no parts of other words, and allowed in providers and tests', () => {
    expect(check('packages/core/src/a.ts', '// likewise, otherwise, in a twinkle, pairwise')).toEqual([])
    expect(check('packages/core/src/a.test.ts', `'wise'`)).toEqual([])
    expect(check('packages/core-wise/src/a.ts', `'wise'`)).toEqual([])
  })
})

describe('names of files', () => {
  it.each(['utils.ts', 'util.ts', 'helpers.ts', 'common/a.ts', 'misc.ts', 'session/types.ts'])('refuses %s', (name) => {
    expect(check(`packages/core/src/${name}`, '')).toHaveLength(1)
    expect(check(`tools/docs/src/${name}`, '')).toHaveLength(1)
  })
})

describe('exports', () => {
  it.each([`export * from './a.ts'`, `export * as a from './a.ts'`, `export type * from './a.ts'`])(
    'refuses %s',
    (text) => {
      expect(check('packages/core/src/a.ts', text)).toHaveLength(1)
      expect(check('packages/core/src/a.test.ts', text)).toEqual([])
      expect(check('apps/demo/src/a.ts', text)).toEqual([])
    },
  )
})

describe('dependencies', () => {
  const manifest = { dependencies: { jose: '6' }, peerDependencies: { fastify: '5' }, devDependencies: { msw: '3' } }

  it.each([
    `import 'zod'`,
    `import { z } from 'zod/mini'`,
    `import type { X } from '@scope/thing/deep'`,
    `const x = await import('msw')`,
    `type X = import('vitest').X`,
  ])('refuses what is not declared, or for development alone: %s', (text) => {
    expect(check('packages/core/src/a.ts', text, manifest)).toHaveLength(1)
    expect(check('packages/core/src/a.test.ts', text, manifest)).toEqual([])
  })

  it('takes dependencies, peers, subpaths, the package itself and its imports', () => {
    const text = `import 'jose'; import 'jose/jwt/verify'; import 'fastify'; import '#crypto'; import '@latchkey/core'`
    expect(check('packages/core/src/a.ts', `${text}; import 'node:fs'`, manifest)).toEqual([])
  })

  it('follow the arrows, and are those of a package that has a place in the design', () => {
    const ofAdapter = { dependencies: { '@latchkey/oidc': 'workspace:^' }, peerDependencies: { '@latchkey/core': '0' } }
    expect(findingsInManifest('adapter-fastify', ofAdapter)).toEqual([
      'packages/adapter-fastify/package.json: no arrow leads to @latchkey/oidc: drop the dependency',
    ])
    expect(findingsInManifest('core-unheard-of', {})).toHaveLength(1)
    expect(findingsInManifest('core-wink', ofAdapter)).toEqual([])
  })
})

describe('main, types and typesVersions', () => {
  const exports = {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './store': { types: './dist/store.d.ts', default: './dist/store.js' },
    './package.json': './package.json',
  }
  const same = {
    main: './dist/index.js',
    types: './dist/index.d.ts',
    typesVersions: { '*': { store: ['./dist/store.d.ts'] } },
  }

  it('say what exports says', () => {
    expect(findingsInManifest('core', { exports, ...same })).toEqual([])
    for (const name of ['main', 'types', 'typesVersions']) {
      const { [name as keyof typeof same]: _, ...less } = same
      expect(findingsInManifest('core', { exports, ...less })).toHaveLength(1)
    }
    expect(findingsInManifest('core', { exports, ...same, typesVersions: { '*': {} } })).toHaveLength(1)
  })
})
