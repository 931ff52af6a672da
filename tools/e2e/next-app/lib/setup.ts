import type { AsyncLocalStorage } from 'node:async_hooks'
import type { MountSetup } from '@latchkey/testkit'

/** What the request that runs is to be served with: the mount has put it there, in this same process. */
export function currentSetup(): MountSetup {
  const { [Symbol.for('latchkey.tool-e2e.setup')]: setups } = globalThis as {
    readonly [key: symbol]: AsyncLocalStorage<MountSetup> | undefined
  }
  const setup = setups?.getStore()
  if (setup === undefined) throw new Error('This app is started by the mounts alone')
  return setup
}
