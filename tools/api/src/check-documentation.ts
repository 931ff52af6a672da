import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Application, OptionDefaults } from 'typedoc'
import type { PublicPackage } from './entries.ts'

/** Reads the doc comments of every entry with TypeDoc, which says what is wrong. Returns how much is. */
export async function checkDocumentation(root: string, packages: readonly PublicPackage[]): Promise<number> {
  const cache = join(root, 'node_modules/.cache')
  const tsconfig = join(cache, 'tsconfig.typedoc.json')
  mkdirSync(cache, { recursive: true })
  const entries = packages.flatMap((one) => one.entries.map(({ source }) => source))
  writeFileSync(
    tsconfig,
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { noEmit: true, types: ['node'], customConditions: ['latchkey:source'] },
      files: entries,
    }),
  )
  const app = await Application.bootstrap({
    // Where a source is on the web is not read: a clone of a folder has no such place.
    disableSources: true,
    entryPoints: entries,
    tsconfig,
    // The compiler of the workspace is newer, and has checked them.
    skipErrorChecking: true,
    readme: 'none',
    excludeExternals: true,
    blockTags: [...OptionDefaults.blockTags, '@alert'],
    validation: { notExported: true, invalidLink: true, notDocumented: true },
    // And their members.
    requiredToBeDocumented: [
      'Interface',
      'TypeAlias',
      'Function',
      'Class',
      'Variable',
      'Property',
      'Method',
      'Accessor',
    ],
    // Members that a mapped type makes of documented ones.
    intentionallyNotDocumented: ['core/src.Session.identities', 'testkit/src.TestSessionOptions.tokens'].flatMap(
      (name) => ['wink', 'wristband'].map((provider) => `${name}.__type.${provider}`),
    ),
  })
  const project = await app.convert()
  if (project !== undefined) app.validate(project)
  return app.logger.errorCount + app.logger.warningCount
}
