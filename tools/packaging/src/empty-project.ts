import { execFileSync } from 'node:child_process'
import { copyFileSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Tarball } from './tarball.ts'

const wanted = ['@latchkey/core', '@latchkey/core-wise', '@latchkey/adapter-fastify']
const unwanted = ['oauth4webapi', 'zod', 'next', 'express', 'hono', 'koa', '@nestjs/core', 'redis', 'ioredis']
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
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error']
  run('npm', ['install', ...quiet, `fastify@${fastify}`, ...paths])
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

/** Runs commands as in a plain shell: the workspace's tools are not on the path, and npm's own settings stay. */
function plainShell(cwd: string): (command: string, options: readonly string[]) => string {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !/node_modules[\\/]\.bin$/.test(folder))
  const ofWorkspace = /^npm_(?:package_|lifecycle_|config_local_prefix$)/
  const kept = Object.entries(process.env).filter(([name]) => !ofWorkspace.test(name))
  const env = { ...Object.fromEntries(kept), PATH: path.join(delimiter) }
  return (command, options) =>
    execFileSync(command, options, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor)
}
