import { execFileSync } from 'node:child_process'
import { delimiter } from 'node:path'

/** Runs a command to its end in a folder, and gives what it printed. */
export type PlainShell = (command: string, options: readonly string[]) => string

/** Runs commands as in a plain shell, with variables over those of {@link plainEnvironment}. */
export function plainShell(cwd: string, variables: Readonly<Record<string, string>> = {}): PlainShell {
  const env = { ...plainEnvironment(), ...variables }
  return (command, options) =>
    execFileSync(command, options, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
}

/** The environment of a plain shell: the workspace's tools are not on the path, and npm's own settings stay. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !/node_modules[\\/]\.bin$/.test(folder))
  const ofWorkspace = /^npm_(?:package_|lifecycle_|config_local_prefix$)/
  const kept = Object.entries(process.env).filter(([name]) => !ofWorkspace.test(name))
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) }
}

/** Installs packages by their names, versions or tarballs with plain npm, without scripts of theirs. */
export function installWithNpm(run: PlainShell, packages: readonly string[]): void {
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error', ...packages])
}
