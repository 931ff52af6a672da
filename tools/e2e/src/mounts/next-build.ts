import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

// Apart: an app that answers every path has neither a page at `/` nor paths without a page, and both are tested.
const apps = ['next-app', 'next-catch-all'] as const
const tool = join(import.meta.dirname, '../..')

/** What of Next a mount sets. */
export interface NextBuild {
  /** The app; one of the folders of this tool. Default: the example app. */
  readonly app?: (typeof apps)[number]
  /** A name that no other file of tests uses: they run beside each other, and each builds a copy of its own. */
  readonly name: string
  readonly options: { readonly basePath?: `/${string}`; readonly trailingSlash?: boolean }
}

/** Nothing is made for a build to come, or for whoever debugs; that takes as long as the rest of the build. */
const lean = {
  experimental: {
    cpus: 1,
    turbopackFileSystemCacheForBuild: false,
    turbopackSourceMaps: false,
    turbopackMinify: false,
  },
}

/** Where the app of a build is. */
export function appFolder({ app = 'next-app', name }: NextBuild): string {
  return join(tool, '.built', name, app)
}

/** Builds the app by `next build`, with nothing in its environment that it needs to run. */
export async function buildNextApp(build: NextBuild): Promise<void> {
  const nextApp = appFolder(build)
  rmSync(join(nextApp, '..'), { recursive: true, force: true })
  // Both, since one imports from the other.
  for (const app of apps) cpSync(join(tool, app), join(nextApp, '..', app), { recursive: true })
  const command = createRequire(import.meta.url).resolve('next/dist/bin/next')
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [command, 'build', nextApp], {
    env: { PATH, HOME, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', ...nextEnvironment(build) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = Promise.all([text(child.stdout), text(child.stderr)])
  const [status] = (await once(child, 'close')) as [number | null]
  if (status !== 0) throw new Error((await printed).join('\n'))
}

/** What the app reads when it is built and when it starts. */
export function nextEnvironment({ options }: NextBuild): Readonly<Record<string, string>> {
  const { basePath } = options
  // They are the same with each set of options.
  const typescript = { ignoreBuildErrors: Object.keys(options).length > 0 }
  return {
    MOUNT_OPTIONS: JSON.stringify({ ...lean, typescript, ...options }),
    ...(basePath !== undefined && { MOUNT_BASE_PATH: basePath }),
  }
}
