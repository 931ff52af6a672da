const developmentOnly = 'latchkey:source'

/** What is published differs from what is developed in two ways. */
export const hooks = {
  beforePacking(manifest) {
    // Source maps lead to the sources.
    const packed = { ...manifest, files: [...manifest.files, 'src', '!src/**/*.test.*'] }
    // In a published package nothing runs from its sources.
    for (const field of ['exports', 'imports']) {
      if (packed[field] !== undefined) packed[field] = withoutCondition(packed[field])
    }
    return packed
  },
}

function withoutCondition(target) {
  if (target === null || typeof target !== 'object' || Array.isArray(target)) return target
  const kept = Object.entries(target).filter(([condition]) => condition !== developmentOnly)
  return Object.fromEntries(kept.map(([condition, value]) => [condition, withoutCondition(value)]))
}
