import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import type { Trace } from './trace-process.ts'

const root = join(import.meta.dirname, '../../../..')
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8')

let trace: Trace
beforeAll(async () => {
  const child = fork(join(import.meta.dirname, 'trace-process.ts'), { execArgv: ['--conditions=latchkey:source'] })
  const [sent] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([status]) => Promise.reject(new Error(`ended with ${status}`))),
  ])) as [Trace]
  trace = sent
})

/** The numbered steps of "The life of a request". */
function steps(): readonly string[] {
  const [, section = ''] = page.split(/^## The life of a request$/m)
  const [list = ''] = section.split(/^#{1,6} /m)
  return list.split(/^(?=\d+\. )/m).flatMap((step) => /^\d+\. [\s\S]*?(?=\n\n|$(?![\s\S]))/.exec(step)?.[0] ?? [])
}

const spine = (): readonly string[] => [
  ...new Set(steps().flatMap((step) => [...step.matchAll(/`(packages\/[^`]+)`/g)].map(([, path = '']) => path))),
]

it('a sign-in runs every file of the spine that architecture.md names, in at most 12 steps and 18 files', () => {
  const signIn = new Set([...trace.login, ...trace.callback])
  console.info(
    `Files run by a sign-in: ${signIn.size} (login ${trace.login.length}, callback ${trace.callback.length}); by requireSession: ${trace.requireSession.length}; on the spine: ${spine().length}`,
  )
  expect(steps().length).toBeGreaterThan(5)
  expect(steps().length).toBeLessThanOrEqual(12)
  expect(spine().length).toBeGreaterThan(10)
  expect(spine().length).toBeLessThanOrEqual(18)
  expect(spine().filter((path) => !existsSync(join(root, path)))).toEqual([])
  expect(spine().filter((path) => !signIn.has(path))).toEqual([])
})

it('requireSession runs fewer files than half a sign-in', () => {
  expect(trace.requireSession).toContain('packages/core/src/guard/require-session.ts')
  expect(trace.requireSession.length).toBeLessThan(new Set([...trace.login, ...trace.callback]).size / 2)
})

it('at most 12 functions of ours lie between auth.handle and the token request', () => {
  const hops = trace.hops.toReversed()
  console.info(`Hops: ${hops.length}\n${hops.map(({ name, file }) => `  ${name}  ${file}`).join('\n')}`)
  expect(hops[0]).toEqual({ name: 'handle', file: 'packages/core/src/create-auth.ts' })
  expect(hops.at(-1)).toEqual({ name: 'sendOnce', file: 'packages/core/src/http/send.ts' })
  expect(hops.length).toBeLessThanOrEqual(12)
})
