import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installWithNpm, plainShell } from './plain-shell.ts'
import { readFrom, type Tarball } from './tarball.ts'

/** Nest runs on a platform; Next is a build, which the guides' checks do with its lowest and its highest version. */
const besides = { '@nestjs/platform-express': '@nestjs/core' }
const builtElsewhere = ['next', '@latchkey/adapter-next']

/**
 * Installs all packages with plain npm, once with the lowest and once with the highest version of each range of their
 * dependencies and peers, and signs in on each framework.
 *
 * @throws Error when one of it fails.
 */
export function runLowestAndHighest(tarballs: readonly Tarball[], folder: string): void {
  const ranges = rangesOf(tarballs)
  const paths = tarballs.filter(({ name }) => !builtElsewhere.includes(name)).map(({ path }) => path)
  for (const end of ['lowest', 'highest'] as const) {
    const project = join(folder, end)
    mkdirSync(project, { recursive: true })
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: end, private: true, type: 'module' }))
    copyFileSync(join(import.meta.dirname, '../fixtures/ranges.js'), join(project, 'ranges.js'))
    const run = plainShell(project)
    const versions = Object.entries(ranges).map(
      ([name, range]) => `${name}@${end === 'lowest' ? lowest(range) : range}`,
    )
    installWithNpm(run, [...versions, ...paths])
    checkAlone(project, Object.keys(ranges))
    const installed = Object.keys(ranges).map((name) => `${name} ${versionIn(join(project, 'node_modules', name))}`)
    console.info(`${run(process.execPath, ['ranges.js'])} The ${end} versions: ${installed.join(', ')}`)
  }
}

/** The ranges of all dependencies and peers that are not our own. Types have no code to run. */
function rangesOf(tarballs: readonly Tarball[]): Readonly<Record<string, string>> {
  const given = tarballs.flatMap((tarball) => {
    const { dependencies, peerDependencies } = JSON.parse(readFrom(tarball, 'package.json')) as Manifest
    return Object.entries({ ...dependencies, ...peerDependencies })
  })
  const ranges = Object.fromEntries(
    given.filter(([name]) => !/^@(?:latchkey|types)\//.test(name) && !builtElsewhere.includes(name)),
  )
  const more = Object.entries(besides).map(([name, like]) => [name, ranges[like] ?? '*'] as const)
  return { ...ranges, ...Object.fromEntries(more) }
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const lowest = (range: string): string => range.split(' || ')[0]?.slice(1) ?? range

/** A second copy would be the one that our packages use. */
function checkAlone(project: string, names: readonly string[]): void {
  const copies = globSync(
    names.map((name) => `node_modules/@latchkey/*/node_modules/${name}/package.json`),
    {
      cwd: project,
    },
  )
  if (copies.length > 0) throw new Error(`Another version was installed for one of ours: ${copies.join(', ')}`)
}

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string }).version
}
