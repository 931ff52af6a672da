import { type ChildProcess, fork } from 'node:child_process'

/**
 * Starts a process from a file that loads our sources.
 *
 * @param env Its environment. Beside that it is told only where Node keeps what it has compiled, if it does: a process that
 *   is killed before it ends has to call `flushCompileCache` to keep anything.
 */
export function forkSource(file: string, env: Readonly<Record<string, string>> = {}): ChildProcess {
  const { NODE_COMPILE_CACHE: cache } = process.env
  return fork(file, {
    execArgv: ['--conditions=latchkey:source'],
    env: { ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }), ...env },
  })
}
