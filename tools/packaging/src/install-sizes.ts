import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installOthers } from './install-others.ts'
import { installedIn, megabytes } from './installed.ts'
import { peersOf } from './peers.ts'
import { installWithNpm, plainShell } from './plain-shell.ts'
import type { Tarball } from './tarball.ts'

/** What people install together. */
interface InstallSet {
  readonly packages: readonly string[]
  /** What their app has before: of the peers, since another framework that a package of ours names is none of it. */
  readonly frameworks?: RegExp
  /** All that comes with it. */
  readonly brings: readonly string[]
}

const fastify = { frameworks: /^fastify@/ }
const nest = { frameworks: /^(?:@nestjs\/|reflect-metadata@|rxjs@)/ }
const ofOidc = ['@latchkey/oidc', 'oauth4webapi']

const documented: readonly InstallSet[] = [
  { packages: ['core'], brings: [] },
  { packages: ['core', 'core-wise', 'adapter-fastify'], ...fastify, brings: ['fastify-plugin'] },
  { packages: ['core', 'core-wristband', 'adapter-fastify'], ...fastify, brings: [...ofOidc, 'zod', 'fastify-plugin'] },
  { packages: ['core', 'core-wink', 'adapter-nest'], ...nest, brings: [...ofOidc, 'zod'] },
  { packages: ['core', 'oidc', 'adapter-express'], frameworks: /^express@/, brings: ['oauth4webapi'] },
]
const rest = { frameworks: /./, brings: ['oauth4webapi', 'zod', 'fastify-plugin', 'jose'] }

/**
 * Installs sets of packages with plain npm into apps that have their frameworks, and prints what each brings. Each finding is
 * a sentence: of a package that nobody asked for, such as another provider or another framework.
 */
export function checkInstalls(tarballs: readonly Tarball[], root: string, folder: string): readonly string[] {
  const all = tarballs.map(({ name }) => name.replace('@latchkey/', ''))
  console.info('| npm install | packages | MB | with frameworks: packages | MB |\n|---|---|---|---|---|')
  return [...documented, { packages: all, ...rest }].flatMap(({ packages, frameworks = /^$/, brings }, index) => {
    const project = join(folder, String(index))
    mkdirSync(project, { recursive: true })
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }))
    const run = plainShell(project)
    const ours = packages.map((name) => `@latchkey/${name}`)
    const peers = new Set(packages.flatMap((name) => peersOf(root, name).filter((peer) => frameworks.test(peer))))
    if (peers.size > 0) installOthers(project, [...peers])
    const before = installedIn(project)
    const wanted = tarballs.filter(({ name }) => [...ours, ...brings].includes(name))
    installWithNpm(
      run,
      wanted.map(({ path }) => path),
    )
    const after = installedIn(project)
    const added = after.packages.length - before.packages.length
    const title = packages === all ? 'all' : packages.join(', ')
    const sizes = [added, megabytes(after.bytes - before.bytes), after.packages.length, megabytes(after.bytes)]
    console.info(`| ${title} | ${sizes.join(' | ')} |`)
    return unasked(after.packages, [...before.packages, ...ours, ...brings]).map((finding) => `${title} ${finding}`)
  })
}

/** What was installed, and that nobody asked for: such as another provider, or the framework of another adapter. */
export function unasked(installed: readonly string[], asked: readonly string[]): readonly string[] {
  return installed
    .filter((name) => !asked.includes(name))
    .map((name) => `brings ${name}: find out why, or change install-sizes.ts`)
}
