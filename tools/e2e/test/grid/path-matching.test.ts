import { expect, it } from 'vitest'
import { pathMatchingMount } from './path-matching-mount.ts'
import { runGrid } from './run-grid.ts'

it('the bypass grid gets by a middleware that matches paths', async () => {
  const { requests, answers, leaks } = await runGrid(pathMatchingMount)
  console.table({ [pathMatchingMount.name]: { requests, ...answers, leaks: leaks.length } })
  expect(leaks.length).toBeGreaterThan(100)
  const paths = new Set(leaks.map((leak) => leak.split(' ')[1]))
  for (const path of ['//protected', '/protected/', '/PROTECTED', '/%70rotected']) expect(paths).toContain(path)
})
