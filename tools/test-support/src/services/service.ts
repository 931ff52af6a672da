import { accessSync, constants, existsSync, globSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** Something that tests need and npm does not bring. */
export interface Service {
  readonly name: string
  /** Packages of Debian and Ubuntu. */
  readonly packages: readonly string[]
  isMissing(): boolean
}

/**
 * The browser of this machine: Chromium's headless shell, else the first of Chromium and Chrome on `PATH` or among the
 * applications, or null. The shell has no windows of its own to draw, and takes a quarter of the CPU.
 */
export function findChromium(): string | null {
  const applications = ['Google Chrome', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  return findHeadlessShell() ?? findExecutable(names, applications)
}

function findHeadlessShell(): string | null {
  return findExecutable(['chromium-headless-shell'])
}

/** The Redis of this machine: the first of `redis-server` and `valkey-server` on `PATH`, or null. */
export function findRedis(): string | null {
  return findExecutable(['redis-server', 'valkey-server'])
}

/** The folder of this machine's PostgreSQL programs: of `initdb` on `PATH`, or where packages put them, or null. */
export function findPostgres(): string | null {
  // Debian and Homebrew keep them off `PATH`, in a folder for each version.
  const folders = globSync(['/usr/lib/postgresql/*/bin', '/opt/homebrew/opt/postgresql@*/bin']).sort().reverse()
  const initdb = findExecutable(
    ['initdb'],
    folders.map((folder) => join(folder, 'initdb')),
  )
  return initdb !== null && isExecutable(join(dirname(initdb), 'postgres')) ? dirname(initdb) : null
}

/** Opens pages. */
export const chromium: Service = {
  name: 'Chromium',
  packages: ['chromium', 'fonts-liberation'],
  isMissing: () => findChromium() === null,
}

/** Opens them faster. Debian has it; where it cannot be had, tests take Chromium. */
export const headlessShell: Service = {
  name: "Chromium's headless shell",
  packages: ['chromium-headless-shell', 'fonts-liberation'],
  isMissing: () => findHeadlessShell() === null,
}

/** Shares sessions between processes. */
export const redis: Service = { name: 'Redis', packages: ['redis-server'], isMissing: () => findRedis() === null }

/** Shares sessions between processes, too. */
export const postgres: Service = {
  name: 'PostgreSQL',
  packages: ['postgresql'],
  isMissing: () => findPostgres() === null,
}

/** Everything that the tests of this workspace need beyond npm. */
export const services: readonly Service[] = [chromium, redis, postgres]

/** The command that installs a service on Debian and Ubuntu. */
export function installCommand({ packages }: Service): string {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`
}

/** What to tell a user who runs the tests without a service. */
export function absence(service: Service): string {
  const command = existsSync('/etc/debian_version') ? `sudo apt-get update && sudo ${installCommand(service)}` : null
  return `${service.name} is not installed. ${command === null ? 'Install it with the package manager of this system.' : `Run: ${command}`}`
}

/** The first executable of these names on `PATH`, then of the `others`, or null. */
function findExecutable(names: readonly string[], others: readonly string[] = []): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  return [...candidates, ...others].find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
