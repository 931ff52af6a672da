import { execFileSync } from 'node:child_process'

/**
 * Installs what an app has before it installs packages of ours, laid out as npm would, and without scripts of theirs. By
 * pnpm: it has most of it in its store, where npm unpacks all of Next anew for each app.
 *
 * @param packages By name or with a version, as `npm install` takes them. None: what its `package.json` says.
 */
export function installOthers(folder: string, packages: readonly string[] = []): void {
  const settings = {
    'node-linker': 'hoisted',
    // What is changed in an app must not change the store.
    'package-import-method': 'clone-or-copy',
    // npm goes on from what is in `node_modules`.
    lockfile: false,
    'minimum-release-age': 0,
    'ignore-workspace': true,
  }
  const options = Object.entries(settings).map(([name, value]) => `--config.${name}=${value}`)
  const command = packages.length > 0 ? ['add', ...packages] : ['install']
  // With the environment of the workspace, which has pnpm.
  execFileSync('pnpm', [...command, '--ignore-scripts', ...options], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
