import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** What of Next a mount sets, and the folder that it is built into. */
export interface NextBuild {
  /** The app; one of the folders of this tool. Default: the example app. */
  readonly app?: 'next-app' | 'next-catch-all'
  readonly folder: `.next${string}`
  readonly options: { readonly basePath?: `/${string}`; readonly trailingSlash?: boolean }
}

/** Where the app of a build is. */
export function appFolder({ app = 'next-app' }: NextBuild): string {
  return join(import.meta.dirname, '../..', app)
}

/** Builds the app by `next build`, with nothing in its environment that it needs to run. */
export async function buildNextApp(build: NextBuild): Promise<void> {
  const nextApp = appFolder(build)
  rmSync(join(nextApp, build.folder), { recursive: true, force: true })
  const command = createRequire(import.meta.url).resolve('next/dist/bin/next')
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [command, 'build', nextApp], {
    env: { PATH, HOME, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', ...nextEnvironment(build) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = Promise.all([text(child.stdout), text(child.stderr)])
  const [status] = (await once(child, 'close')) as [number | null]
  // What it generates for the compiler names the routes of today, and would fail the next build after a change.
  for (const path of [`${build.folder}/types`, 'next-env.d.ts'])
    rmSync(join(nextApp, path), { recursive: true, force: true })
  if (status !== 0) throw new Error((await printed).join('\n'))
}

/** What the app reads when it is built and when it starts. */
export function nextEnvironment({ folder, options }: NextBuild): Readonly<Record<string, string>> {
  const { basePath } = options
  return {
    MOUNT_FOLDER: folder,
    MOUNT_OPTIONS: JSON.stringify(options),
    ...(basePath !== undefined && { MOUNT_BASE_PATH: basePath }),
  }
}
