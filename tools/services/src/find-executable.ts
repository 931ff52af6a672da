import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The first executable of these names on `PATH`, then of the `others`, or null. */
export function findExecutable(names: readonly string[], others: readonly string[] = []): string | null {
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
