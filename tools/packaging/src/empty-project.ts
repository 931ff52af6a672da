import { copyFileSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installWithNpm, plainShell } from './plain-shell.ts'
import type { Tarball } from './tarball.ts'

const wanted = ['@latchkey/core', '@latchkey/core-wise', '@latchkey/adapter-fastify']
const unwanted = ['oauth4webapi', 'zod', 'next', 'express', 'hono', 'koa', '@nestjs/core', 'redis', 'ioredis', 'pg']
const oldestNode = [20, 19]

/**
 * Installs three packages with plain npm where nothing else is, and opens the way to Wise there, under the Node of the
 * workspace and under the machine's own.
 *
 * @throws Error when one of it fails.
 */
export function useFromEmptyProject(tarballs: readonly Tarball[], folder: string, fastify: string): void {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }))
  copyFileSync(join(import.meta.dirname, '../fixtures/launch.js'), join(folder, 'launch.js'))

  const run = plainShell(folder)
  const paths = tarballs.filter(({ name }) => wanted.includes(name)).map(({ path }) => path)
  installWithNpm(run, [`fastify@${fastify}`, ...paths])
  checkInstalled(folder)

  for (const node of [process.execPath, 'node']) {
    const version = run(node, ['--version'])
    if (isOlder(version)) console.info(`The machine's own Node ${version} is too old for the packages: not tried.`)
    else console.info(`${run(node, ['launch.js'])} (Node ${version})`)
  }
}

function checkInstalled(folder: string): void {
  const names = globSync('node_modules/**/package.json', { cwd: folder })
    .map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path.replaceAll('\\', '/'))?.[1])
    .filter((name) => name !== undefined)
  const ours = names.filter((name) => name.startsWith('@latchkey/')).sort()
  if (ours.join() !== wanted.toSorted().join()) throw new Error(`Of ours, this was installed: ${ours.join(', ')}`)
  const found = unwanted.filter((name) => names.includes(name))
  if (found.length > 0) throw new Error(`Nobody asked for ${found.join(', ')}`)
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor)
}
