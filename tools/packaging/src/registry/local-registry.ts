import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A registry that our packages were published to. */
export interface LocalRegistry {
  /** The text of an `.npmrc`, by which our packages are installed from it, and all others from where they always are. */
  readonly settings: string
  /** Where it listens, such as `http://127.0.0.1:49152/`. */
  readonly origin: string
  close(): Promise<void>
}

/**
 * Starts a registry on loopback, and publishes every public package to it as a release does.
 *
 * @param folder Where it keeps what it needs.
 * @throws Error when one of it fails.
 */
export async function publishLocally(root: string, folder: string): Promise<LocalRegistry> {
  mkdirSync(folder)
  const child = fork(join(import.meta.dirname, 'registry-process.ts'), [folder])
  const close = async (): Promise<void> => {
    if (child.exitCode !== null) return
    child.disconnect()
    await once(child, 'exit')
  }
  try {
    const [port] = (await Promise.race([once(child, 'message'), once(child, 'exit').then(failed)])) as [number]
    const origin = `http://127.0.0.1:${port}/`
    publish(root, join(folder, 'npmrc'), origin)
    return { settings: `@latchkey:registry=${origin}\n`, origin, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** With settings of its own: nothing of it can reach another registry, and no token of anybody's is sent. */
function publish(root: string, settings: string, origin: string): void {
  const token = `${origin.replace('http:', '')}:_authToken=any`
  writeFileSync(settings, [`registry=${origin}`, `@latchkey:registry=${origin}`, token, ''].join('\n'))
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:ACTIONS_ID_TOKEN_|pnpm_config_provenance$)/i.test(name),
  )
  execFileSync('pnpm', ['changeset', 'publish', '--no-git-tag'], {
    cwd: root,
    env: { ...Object.fromEntries(kept), CI: 'true', NPM_CONFIG_USERCONFIG: settings, npm_config_userconfig: settings },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

function failed(): never {
  throw new Error('The local registry did not start.')
}
