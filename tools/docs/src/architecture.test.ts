import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { arrows, folderOrder, foldersApart } from './structure/layout.ts'

const root = join(import.meta.dirname, '../../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const architecture = read('docs/architecture.md')

it('architecture.md names only files that exist', () => {
  const paths = [...architecture.matchAll(/`((?:packages|apps|tools|docs)\/[^`\s]+)`/g)].map(([, path = '']) => path)
  expect(paths.length).toBeGreaterThan(20)
  expect(paths.filter((path) => globSync(path, { cwd: root }).length === 0)).toEqual([])
})

it('architecture.md has the order of the folders that lint holds', () => {
  for (const [name, order] of Object.entries(folderOrder)) {
    expect(architecture).toContain(`| ${name} | ${['(root)', ...order].join(' · ')}`)
    for (const folder of foldersApart[name] ?? []) expect(architecture).toContain(`\`${folder}\` stands apart`)
  }
})

it('every folder of src has a place in that order', () => {
  for (const [name, order] of Object.entries(folderOrder)) {
    const paths = globSync(`packages/${name}/src/*/**/*.ts`, { cwd: root })
    const present = new Set(paths.map((path) => path.split(/[\\/]/)[3] ?? ''))
    expect([...present].toSorted()).toEqual([...order, ...(foldersApart[name] ?? [])].toSorted())
  }
})

it('every package has its arrows, and no other has', () => {
  const names = globSync('packages/*/package.json', { cwd: root }).map((path) => path.split(/[\\/]/)[1] ?? '')
  expect(names.toSorted()).toEqual(Object.keys(arrows).toSorted())
})

it('links between pages lead to files that exist', () => {
  const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'apps/*/*.md'], { cwd: root })
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !existsSync(join(root, dirname(page), link)))
      .map((link) => `${page}: ${link}`),
  )
  expect(broken).toEqual([])
})
