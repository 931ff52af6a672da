import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compile } from './compile-examples.ts'

const contract = join(import.meta.dirname, '../../../../shared/contract')
const isThere = existsSync(contract)
if (!isThere) console.info('Skipped: the contract with its users’ code does not lie beside this checkout.')

const compilerOptions = {
  types: [],
  isolatedDeclarations: false,
  declaration: false,
  declarationMap: false,
  noEmit: true,
}

/** Users' code of the contract, with its imports pointed at the packages. */
function pointed(file: string): string {
  return (
    readFileSync(join(contract, file), 'utf8')
      .replaceAll("'./core.js'", "'@latchkey/core'")
      .replaceAll(/'\.\/(wink|wise|wristband)\.js'/g, "'@latchkey/core-$1'")
      .replaceAll("'./oidc.js'", "'@latchkey/oidc'")
      // Inside an augmentation only names of this file are seen.
      .replace('import { AuthError, type Auth,', 'import { AuthError, type Identity, type Auth,')
  )
}

/** The block at the end of `adapters.ts` that uses `latchkey`. */
function nextBlock(): string {
  const text = readFileSync(join(contract, 'adapters.ts'), 'utf8')
  return `import { latchkey } from '@latchkey/adapter-next'
import type { BearerToken } from '@latchkey/core'
import type { NextRequest } from 'next/server.js'
${text.slice(text.indexOf('const next = latchkey('))}`
}

describe.skipIf(!isThere)("the contract's users' code compiles against the packages", () => {
  it('stories.ts', () => {
    const examples = [{ file: 'stories/stories.ts', code: pointed('stories.ts') }]
    expect(compile({ compilerOptions, examples })).toBe('')
  })

  it('the last block of adapters.ts, with `latchkey` of adapter-next', () => {
    const examples = [{ file: 'adapters/adapters.ts', code: nextBlock() }]
    expect(compile({ compilerOptions, examples })).toBe('')
  })

  it('a control: what breaks the contract does not compile', () => {
    const code = pointed('stories.ts').replace(
      "provider: 'wink', maxAuthAgeSeconds: 300",
      "provider: 'wink', maxAgeSeconds: 300",
    )
    expect(compile({ compilerOptions, examples: [{ file: 'broken/stories.ts', code }] })).toContain('maxAgeSeconds')
  })
})
