import { existsSync } from 'node:fs'
import { join } from 'node:path'

const developmentOnly = 'latchkey:source'

/** What is published differs from what is developed in two ways, and is whole. */
export const hooks = {
  beforePacking(manifest, folder) {
    // Source maps lead to the sources.
    const packed = { ...manifest, files: [...manifest.files, 'src', '!src/**/*.test.*'] }
    // In a published package nothing runs from its sources.
    for (const field of ['exports', 'imports']) {
      if (packed[field] !== undefined) packed[field] = withoutCondition(packed[field])
    }
    const missing = filesNamedBy([packed.exports, packed.imports, packed.bin]).filter(
      (file) => !existsSync(join(folder, file)),
    )
    if (missing.length > 0) {
      throw new Error(`${manifest.name} is not built: ${missing.join(', ')} is missing. Run: pnpm build`)
    }
    return packed
  },
}

function withoutCondition(target) {
  if (target === null || typeof target !== 'object' || Array.isArray(target)) return target
  const kept = Object.entries(target).filter(([condition]) => condition !== developmentOnly)
  return Object.fromEntries(kept.map(([condition, value]) => [condition, withoutCondition(value)]))
}

function filesNamedBy(target) {
  if (typeof target === 'string') return target.startsWith('./') && !target.includes('*') ? [target] : []
  return Object.values(target ?? {}).flatMap(filesNamedBy)
}
