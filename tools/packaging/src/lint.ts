import { readFileSync } from 'node:fs'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { checkContents } from './check-contents.ts'
import type { Tarball } from './tarball.ts'

/** Ways to resolve that do not know `exports`, or that cannot load ES modules. */
const notSupported: readonly unknown[] = ['node10', 'node16-cjs']

/** Lints a packed package. Each finding is a text; none is fine. */
export async function lint(tarball: Tarball): Promise<readonly string[]> {
  return [...checkContents(tarball), ...(await lintManifest(tarball)), ...(await lintTypes(tarball))]
}

async function lintManifest({ folder }: Tarball): Promise<readonly string[]> {
  const { messages, pkg } = await publint({ pkgDir: folder, pack: false, level: 'warning', strict: true })
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`)
}

async function lintTypes({ path }: Tarball): Promise<readonly string[]> {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(path)))
  if (!analysis.types) return ['attw: there are no types']
  return analysis.problems
    .filter((problem) => !('resolutionKind' in problem && notSupported.includes(problem.resolutionKind)))
    .map((problem) => `attw: ${JSON.stringify(problem)}`)
}
