import { globSync } from 'node:fs'
import { join, relative } from 'node:path'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

/**
 * Packages are tested from their sources; what is built is tested by apps/demo and tools/packaging. Not `module`, which is
 * for bundlers: what @opentelemetry/api has there does not run in Node.
 */
export const conditions: string[] = ['latchkey:source', 'node', 'development|production']

// Node starts in half the time where it has compiled our sources before. What it keeps is of one content and one version.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/node-compile')

type TestOptions = NonNullable<ViteUserConfig['test']>

const next = '{src,test}/**/next*.test.ts'
// 1,000 users on a slow machine, and builds of Next within the first test that needs one. One in three waits for something.
const ofApps: TestOptions = { testTimeout: 600_000, hookTimeout: 600_000, maxWorkers: 3 }

/**
 * What differs from the rest, in one project or several of a package: by default it has one, and one process for its tests
 * less than there are cores.
 */
const special: Readonly<Record<string, readonly TestOptions[]>> = {
  'tools/e2e': [
    { ...ofApps, exclude: [next] },
    // Each Next takes a process for its own.
    { ...ofApps, name: 'tools/e2e/next', include: [next], isolate: true },
  ],
  // Some put something else in the place of Next.
  'packages/adapter-next': [{ isolate: true }],
  // Of a browser and its servers one waits for the other.
  'apps/demo': [{ maxWorkers: 2 }],
}

/** The tests of one package. `apps/demo` is tested with the packages as they are built. */
function projectsOf(folder: string): readonly ViteUserConfig[] {
  const fromSource = folder.startsWith('apps/') ? {} : { resolve: { conditions }, ssr: { resolve: { conditions } } }
  const root = join(import.meta.dirname, folder)
  return (special[folder] ?? [{}]).map((own) => ({
    ...fromSource,
    test: {
      name: folder,
      root,
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      // Its key ignores tsconfig.json, so a changed compiler flag would test yesterday's code.
      fsModuleCache: false,
      // A busy machine is slow, not wrong: speed belongs in `pnpm load`. No test sets less.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // Test files leave nothing behind: to load everything anew for each would take as long as many of them run.
      isolate: false,
      // In the root one package comes after another, since each has a number of workers of its own.
      sequence: { groupOrder: folders.indexOf(folder) },
      ...own,
    },
  }))
}

const here = relative(import.meta.dirname, process.cwd()).replaceAll('\\', '/')
const folders = globSync('{packages,tools,apps}/*/', { cwd: import.meta.dirname }).map((path) =>
  path.replaceAll('\\', '/'),
)

const projects = (folders.includes(here) ? [here] : folders).flatMap(projectsOf)

/** In a package `vitest run` runs its tests; in the root those of all, and `--project packages/core` those of one. */
const config: ViteUserConfig = defineConfig(projects.length === 1 ? { ...projects[0] } : { test: { projects } })

export default config
