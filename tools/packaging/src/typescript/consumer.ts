import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installOthers } from '../install-others.ts'
import { installWithNpm, plainShell } from '../plain-shell.ts'
import { readFrom, type Tarball } from '../tarball.ts'

/** Types that peers leave to their users. */
const typesOfPeers = ['@types/node@24', '@types/pg@8', '@types/react@19', '@types/react-dom@19']

/** The folder in which a version of TypeScript is installed beside the others. */
export const compilerIn = (folder: string, version: string): string =>
  join(folder, `node_modules/typescript-${version}/bin/tsc`)

/**
 * Makes a project with all of our packages, their peers and some versions of TypeScript. Its files import every entry and
 * hold the README's programs; `exact.ts` is for `exactOptionalPropertyTypes` alone.
 *
 * @returns The names of the files, without `exact.ts`.
 */
export function makeConsumer(
  root: string,
  folder: string,
  { tarballs, versions }: { readonly tarballs: readonly Tarball[]; readonly versions: readonly string[] },
): readonly string[] {
  const manifests = tarballs.map((tarball) => JSON.parse(readFrom(tarball, 'package.json')) as Manifest)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  installOthers(folder, [
    ...new Set(manifests.flatMap(peersOf)),
    ...typesOfPeers,
    ...versions.map((version) => `typescript-${version}@npm:typescript@${version}`),
  ])
  installWithNpm(
    plainShell(folder),
    tarballs.map(({ path }) => path),
  )
  const [program = '', client = ''] = [
    ...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```ts\r?\n([\s\S]*?)^```/gm),
  ].map(([, code]) => code)
  const files = {
    'every-entry.ts': importsOf(manifests.flatMap(entriesOf)),
    'program.ts': program,
    'client.ts': client,
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  copyFileSync(join(import.meta.dirname, '../../fixtures/exact.ts'), join(folder, 'exact.ts'))
  return Object.keys(files)
}

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

function peersOf({ peerDependencies = {} }: Manifest): readonly string[] {
  const others = Object.entries(peerDependencies).filter(([name]) => !name.startsWith('@latchkey/'))
  return others.map(([name, range]) => `${name}@${range}`)
}

function entriesOf({ name, exports }: Manifest): readonly string[] {
  return Object.keys(exports)
    .filter((path) => path !== './package.json')
    .map((path) => `${name}${path.slice(1)}`)
}

function importsOf(entries: readonly string[]): string {
  const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}'\n`)
  return `${imports.join('')}export const entries = [${entries.map((_, index) => `entry${index}`).join(', ')}]\n`
}
