import { existsSync } from 'node:fs'
import { findChromium } from './chromium.ts'
import { findRedis } from './redis.ts'

/** Something that tests need and npm does not bring. */
export interface Service {
  readonly name: string
  /** Packages of Debian and Ubuntu. */
  readonly packages: readonly string[]
  isMissing(): boolean
}

/** Drives the pages of the demo. */
export const chromium: Service = {
  name: 'Chromium',
  packages: ['chromium', 'fonts-liberation'],
  isMissing: () => findChromium() === null,
}

/** Shares sessions between processes. */
export const redis: Service = {
  name: 'Redis',
  packages: ['redis-server'],
  isMissing: () => findRedis() === null,
}

/** Everything that the tests of this workspace need beyond npm. */
export const services: readonly Service[] = [chromium, redis]

/** The command that installs a service on Debian and Ubuntu. */
export function installCommand({ packages }: Service): string {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`
}

/** What to tell who runs the tests without a service. */
export function absence(service: Service): string {
  const command = existsSync('/etc/debian_version') ? `sudo apt-get update && sudo ${installCommand(service)}` : null
  return `${service.name} is not installed. ${command === null ? 'Install it with the package manager of this system.' : `Run: ${command}`}`
}
