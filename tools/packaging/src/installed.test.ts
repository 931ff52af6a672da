import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { unasked } from './install-sizes.ts'
import { installedIn } from './installed.ts'

let project: string

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'latchkey-installed-'))
})
afterEach(() => rmSync(project, { recursive: true }))

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(project, path)), { recursive: true })
    writeFileSync(join(project, path), '0123456789')
  }
}

function counted(): { readonly packages: readonly string[]; readonly bytes: number } {
  const { packages, bytes } = installedIn(project)
  return { packages: packages.toSorted(), bytes }
}

it('counts packages and their copies, and not the folders in them', () => {
  write('package.json', 'node_modules/.package-lock.json', 'node_modules/a/package.json', 'node_modules/a/index.js')
  write(
    'node_modules/a/esm/package.json',
    'node_modules/@x/b/package.json',
    'node_modules/@x/b/node_modules/a/package.json',
  )
  expect(counted()).toEqual({ packages: ['@x/b', 'a', 'a'], bytes: 60 })
})

it('counts what pnpm links in many places once', () => {
  write(
    'node_modules/.pnpm/a@1.0.0/node_modules/a/package.json',
    'node_modules/.pnpm/b@1.0.0/node_modules/b/package.json',
  )
  symlinkSync(join(project, 'node_modules/.pnpm/a@1.0.0/node_modules/a'), join(project, 'node_modules/a'))
  symlinkSync('../../a@1.0.0/node_modules/a', join(project, 'node_modules/.pnpm/b@1.0.0/node_modules/a'))
  expect(counted()).toEqual({ packages: ['a', 'b'], bytes: 20 })
})

it('counts what Yarn leaves packed', () => {
  write(
    '.yarn/cache/a-npm-1.0.0-134226d1d0-9837474209.zip',
    '.yarn/cache/@x-b-npm-0.0.0-1b.zip',
    '.yarn/cache/.gitignore',
  )
  expect(counted()).toEqual({ packages: ['@x-b', 'a'], bytes: 30 })
})

it('counts nothing where nothing is installed', () => {
  write('package.json')
  expect(counted()).toEqual({ packages: [], bytes: 0 })
})

it('finds other providers, adapters and frameworks among what was installed', () => {
  const asked = ['@latchkey/core', '@latchkey/core-wristband', '@latchkey/adapter-fastify', 'fastify']
  expect(unasked(asked, asked)).toEqual([])
  const more = ['@latchkey/core-wink', '@latchkey/core-wise', '@latchkey/adapter-nest', '@nestjs/core', 'next']
  const found = more.map((name) => expect.stringContaining(`brings ${name}:`))
  expect(unasked([...asked, ...more], asked)).toEqual(found)
})
