import { defineConfig, type OxlintConfig } from 'oxlint'
import { arrows, folderOrder, foldersApart, nodeFiles } from './tools/docs/src/structure/layout.ts'

type Override = NonNullable<OxlintConfig['overrides']>[number]

const tests = ['**/*.test.ts', '**/*.test-d.ts', '**/test/**']

/** The rules of import, per folder: one entry each, since a later entry replaces an earlier one. */
const imports: readonly Override[] = Object.entries(arrows).flatMap(([name, targets]) => {
  const others = Object.keys(arrows).filter((other) => other !== name && !targets.includes(other))
  const order = folderOrder[name] ?? []
  const apart = foldersApart[name] ?? []
  const ofPackage = [
    {
      regex: `^@latchkey/(?:${others.join('|')}|tool-[a-z0-9-]+)(?:/|$)`,
      message: `${name} may import of ours: ${targets.join(', ') || 'nothing'}. See docs/architecture.md.`,
    },
    { regex: '^(?:\\.\\./)+[^.]+/src/', message: 'Import another package by its name.' },
  ]
  const refuse = (files: string, ...more: readonly { regex: string; message: string }[]): Override => ({
    files: [files],
    excludeFiles: tests,
    rules: { 'eslint/no-restricted-imports': ['error', { patterns: [...ofPackage, ...more] }] },
  })
  const upward = (folder: string, above: readonly string[]): Override =>
    refuse(`packages/${name}/src/${folder}/**`, {
      regex: `^\\.\\./(?:[^/]+\\.ts$|(?:${[...above, ...apart].join('|') || '-'})/)`,
      message: `${folder}/ looks down only. The order of the folders is in docs/architecture.md.`,
    })
  const rootFiles = apart.map((folder) => ({ regex: `^\\./${folder}/`, message: `${folder}/ stands apart.` }))
  return [
    refuse(`packages/${name}/src/**`, ...rootFiles),
    ...order.map((folder, index) => upward(folder, order.slice(0, index))),
    ...apart.map((folder) => upward(folder, order)),
  ]
})

const nodeGlobals = ['Buffer', 'process', 'global', 'setImmediate', 'clearImmediate']
const onlyNode = 'Only Node has it: use a web standard.'

const config: OxlintConfig = defineConfig({
  plugins: ['eslint', 'typescript', 'oxc', 'import', 'promise'],
  ignorePatterns: ['**/dist/**', '**/fixtures/**', '.pnpmfile.mjs'],
  categories: { correctness: 'error' },
  rules: {
    'eslint/eqeqeq': 'error',
    'eslint/max-params': ['error', { max: 3 }],
    'eslint/no-else-return': 'error',
    'eslint/no-eval': 'error',
    'eslint/no-implicit-coercion': 'error',
    'eslint/no-param-reassign': 'error',
    'eslint/no-var': 'error',
    'eslint/prefer-const': 'error',
    // A type is an arrow too.
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-duplicates': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-deprecated': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-unnecessary-type-assertion': 'error',
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],

    // Of the category, the compiler does the first; factories return closures, which have no `this` to lose;
    // `Identities` is empty until a provider fills it; and spreading a string into code points is meant.
    'eslint/no-unused-vars': 'off',
    'typescript/unbound-method': 'off',
    'typescript/no-redundant-type-constituents': 'off',
    'typescript/no-misused-spread': 'off',
  },
  overrides: [
    // What is published. A file has one concept; exports are listed by name; a library reports by events and errors.
    {
      files: ['packages/*/src/**'],
      excludeFiles: tests,
      rules: {
        'eslint/max-lines': ['error', { max: 300 }],
        'eslint/no-console': 'error',
        'eslint/no-restricted-globals': ['error', ...nodeGlobals.map((name) => ({ name, message: onlyNode }))],
        'eslint/no-restricted-properties': [
          'error',
          { object: 'Math', property: 'random', message: 'It can be guessed: use crypto.getRandomValues.' },
          ...nodeGlobals.map((property) => ({ object: 'globalThis', property, message: onlyNode })),
        ],
        'import/no-default-export': 'error',
        'import/no-nodejs-modules': 'error',
      },
    },
    {
      files: [...nodeFiles],
      rules: {
        'eslint/no-restricted-globals': 'off',
        'eslint/no-restricted-properties': [
          'error',
          { object: 'Math', property: 'random', message: 'It can be guessed: use crypto.getRandomValues.' },
        ],
        'import/no-nodejs-modules': 'off',
      },
    },
    // Their frameworks ask for it; printing is what a command is for.
    {
      files: ['packages/adapter-{fastify,next}/src/index.ts', 'packages/adapter-next/test/**'],
      rules: { 'import/no-default-export': 'off' },
    },
    { files: ['packages/emulator/src/command.ts'], rules: { 'eslint/no-console': 'off' } },
    ...imports,
    // Stand-ins for vendors and users are for tests, tools and the demo's runner.
    {
      files: ['apps/demo/src/**', 'apps/demo/next/**'],
      excludeFiles: ['apps/demo/src/run.ts', 'apps/demo/src/run/**'],
      rules: {
        'eslint/no-restricted-imports': [
          'error',
          {
            patterns: [{ regex: '^@latchkey/(?:emulator|testkit|tool-)', message: 'It is for tests and the runner.' }],
          },
        ],
      },
    },
    // `Store.replace` has four by contract.
    {
      files: ['packages/core/src/vault/**', 'packages/store-*/**'],
      rules: { 'eslint/max-params': ['error', { max: 4 }] },
    },
    // Tests read answers as they come, and send what no type allows.
    {
      files: tests,
      rules: {
        'eslint/max-params': 'off',
        'typescript/no-base-to-string': 'off',
        'typescript/no-unsafe-argument': 'off',
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-call': 'off',
        'typescript/no-unsafe-member-access': 'off',
        'typescript/no-unsafe-return': 'off',
        'typescript/restrict-template-expressions': 'off',
      },
    },
  ],
})

export default config
