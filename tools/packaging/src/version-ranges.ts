import { copyFileSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmulator } from '@latchkey/emulator'
import { tryApp } from './consumers/consumer-app.ts'
import { npm } from './consumers/package-managers.ts'
import { installOthers } from './install-others.ts'
import { versionIn } from './peers.ts'
import { installWithNpm, plainShell } from './plain-shell.ts'
import { readFrom, type Tarball } from './tarball.ts'

/** Nest runs on a platform; Next is a build, and does not take the lowest version of React that our hooks take. */
const besides = { '@nestjs/platform-express': '@nestjs/core' }
/** Next 15.0.0 was for React 18, and for a candidate of React 19. */
const reactOf = { lowest: ['react@18', 'react-dom@18'], highest: ['react@19', 'react-dom@19'] }
const ofNext = /\/(?:core|oidc|core-wristband|adapter-next)$/

/**
 * Installs all packages with plain npm, once beside the lowest and once beside the highest version of each range of their
 * dependencies and peers, and signs in on each framework.
 *
 * @throws Error when one of it fails.
 */
export async function runLowestAndHighest(tarballs: readonly Tarball[], folder: string): Promise<void> {
  const { next = '', ...ranges } = rangesOf(tarballs)
  const paths = tarballs.filter(({ name }) => name !== '@latchkey/adapter-next').map(({ path }) => path)
  for (const end of ['lowest', 'highest'] as const) {
    const at = (range: string): string => (end === 'lowest' ? lowest(range) : range)
    const project = join(folder, end)
    mkdirSync(project, { recursive: true })
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: end, private: true, type: 'module' }))
    copyFileSync(join(import.meta.dirname, '../fixtures/ranges.js'), join(project, 'ranges.js'))
    const run = plainShell(project)
    const versions = Object.entries(ranges).map(([name, range]) => `${name}@${at(range)}`)
    installOthers(project, versions)
    installWithNpm(run, paths)
    checkAlone(project, Object.keys(ranges))
    const installed = Object.keys(ranges).map((name) => `${name} ${versionIn(join(project, 'node_modules', name))}`)
    console.info(`${run(process.execPath, ['ranges.js'])} The ${end} versions: ${installed.join(', ')}`)
    await signInOnNext([`next@${at(next)}`, ...reactOf[end]], join(folder, `next-${end}`), tarballs)
  }
}

async function signInOnNext(before: readonly string[], project: string, tarballs: readonly Tarball[]): Promise<void> {
  const ours = tarballs.filter(({ name }) => ofNext.test(name)).map(({ path }) => path)
  const emulator = await startEmulator()
  try {
    await tryApp({ provider: 'wristband', adapter: 'next', before, packages: ours }, project, {
      manager: npm,
      emulator,
    })
  } finally {
    await emulator.close()
  }
  console.info(`A sign-in works on Next ${versionIn(join(project, 'node_modules/next'))}.`)
}

/** The ranges of all dependencies and peers that are not our own. Types have no code to run. */
function rangesOf(tarballs: readonly Tarball[]): Readonly<Record<string, string>> {
  const given = tarballs.flatMap((tarball) => {
    const { dependencies, peerDependencies } = JSON.parse(readFrom(tarball, 'package.json')) as Manifest
    return Object.entries({ ...dependencies, ...peerDependencies })
  })
  const ranges = Object.fromEntries(given.filter(([name]) => !/^@(?:latchkey|types)\//.test(name)))
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
