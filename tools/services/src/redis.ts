import { findExecutable } from './find-executable.ts'

/** The Redis of this machine: the first of `redis-server` and `valkey-server` on `PATH`, or null. */
export function findRedis(): string | null {
  return findExecutable(['redis-server', 'valkey-server'])
}
