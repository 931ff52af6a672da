import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { type SizeBudget, sizeBudgets } from './size-budgets.ts'

/** What no bundle for Node may have. */
const polyfills = /\/node_modules\/(?:node-fetch|undici|whatwg-|web-streams|abort-controller|formdata)/

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** Bundles the entries of the built packages for Node and prints their sizes. Each finding is a sentence. */
export async function checkBundleSizes(root: string): Promise<readonly string[]> {
  const findings: string[] = []
  // One after the other, so that they are printed in their order.
  for (const budget of sizeBudgets) findings.push(...(await checkBundle(root, budget)))
  return findings
}

async function checkBundle(
  root: string,
  { package: folder, entry = '.', name, kilobytes }: SizeBudget,
): Promise<readonly string[]> {
  const resolveDir = join(root, 'packages', folder)
  const manifest = JSON.parse(readFileSync(join(resolveDir, 'package.json'), 'utf8')) as Manifest
  const { default: path } = manifest.exports[entry] as { readonly default: string }
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter((peer) => !peer.startsWith('@latchkey/'))
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export ${name === undefined ? '*' : `{ ${name} }`} from '${path}'`, resolveDir },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    external: peers.flatMap((peer) => [peer, `${peer}/*`]),
    metafile: true,
    write: false,
    logLevel: 'error',
  })
  const measured = gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 1000
  const title = `${manifest.name}${entry.slice(1)}${name === undefined ? '' : ` ${name}`}`
  console.info(`${title}: ${measured.toFixed(1)} kB gzip (at most ${kilobytes})`)
  return [
    ...(measured > kilobytes ? [`${title} is ${measured.toFixed(1)} kB: find out why, or change size-budgets.ts`] : []),
    ...Object.keys(metafile.inputs)
      .filter((input) => polyfills.test(input))
      .map((input) => `${title} has a polyfill in it: ${input}`),
  ]
}
