const developmentOnly = 'latchkey:source'

/** The condition under which the workspace runs packages from their sources means nothing in a published package. */
export const hooks = {
  beforePacking(manifest) {
    const packed = { ...manifest }
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
